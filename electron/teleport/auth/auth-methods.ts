import { google, proto, teleport, types } from '../../../proto/gen/teleport.js';
import type { Method } from './auth-channel.ts';

interface MessageType<Fields, Message> {
  encode(fields: Fields): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** One RPC with its messages. */
export function method<Request, RequestMessage, ResponseFields, Response>(
  path: string,
  request: MessageType<Request, RequestMessage>,
  response: MessageType<ResponseFields, Response>,
): Method<Request, Response> {
  return { path, encode: (fields) => request.encode(fields).finish(), decode: (bytes) => response.decode(bytes) };
}

const { Empty } = google.protobuf;
const { presence, trust, users } = teleport;
const auth = '/proto.AuthService';
const config = '/teleport.clusterconfig.v1.ClusterConfigService';

/** The RPCs of the auth server that Slipway calls (login-and-auth §7). */
export const methods = {
  ping: method(`${auth}/Ping`, proto.PingRequest, proto.PingResponse),
  getDomainName: method(`${auth}/GetDomainName`, Empty, proto.GetDomainNameResponse),
  getClusterName: method(`${config}/GetClusterName`, teleport.clusterconfig.v1.GetClusterNameRequest, types.ClusterNameV2),
  getUser: method('/teleport.users.v1.UsersService/GetUser', users.v1.GetUserRequest, users.v1.GetUserResponse),
  getCurrentUser: method(`${auth}/GetCurrentUser`, Empty, types.UserV2),
  getCurrentUserRoles: method(`${auth}/GetCurrentUserRoles`, Empty, types.RoleV6),
  getCertAuthorities: method(
    '/teleport.trust.v1.TrustService/GetCertAuthorities',
    trust.v1.GetCertAuthoritiesRequest,
    trust.v1.GetCertAuthoritiesResponse,
  ),
  listRemoteClusters: method(
    '/teleport.presence.v1.PresenceService/ListRemoteClusters',
    presence.v1.ListRemoteClustersRequest,
    presence.v1.ListRemoteClustersResponse,
  ),
  listUnifiedResources: method(`${auth}/ListUnifiedResources`, proto.ListUnifiedResourcesRequest, proto.ListUnifiedResourcesResponse),
  listResources: method(`${auth}/ListResources`, proto.ListResourcesRequest, proto.ListResourcesResponse),
  generateUserCerts: method(`${auth}/GenerateUserCerts`, proto.UserCertsRequest, proto.Certs),
  isMfaRequired: method(`${auth}/IsMFARequired`, proto.IsMFARequiredRequest, proto.IsMFARequiredResponse),
  createAppSession: method(`${auth}/CreateAppSession`, proto.CreateAppSessionRequest, proto.CreateAppSessionResponse),
};
