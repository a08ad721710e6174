import { google, proto, types } from '../../../proto/gen/teleport.js';
import { method } from './auth-methods.ts';

const auth = '/proto.AuthService';

/** The RPCs behind gateways (login-and-auth §7.3, §7.4, §7.6). */
export const targetMethods = {
  list: method(`${auth}/ListUnifiedResources`, proto.ListUnifiedResourcesRequest, proto.ListUnifiedResourcesResponse),
  roles: method(`${auth}/GetCurrentUserRoles`, google.protobuf.Empty, types.RoleV6),
  isMfaRequired: method(`${auth}/IsMFARequired`, proto.IsMFARequiredRequest, proto.IsMFARequiredResponse),
  createAppSession: method(`${auth}/CreateAppSession`, proto.CreateAppSessionRequest, proto.CreateAppSessionResponse),
  certificates: method(`${auth}/GenerateUserCerts`, proto.UserCertsRequest, proto.Certs),
};
