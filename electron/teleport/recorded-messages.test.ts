import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { exchangesOf, type RpcExchange, vectorNames, versionVectors } from '../../test/wire/vectors.ts';

// Field numbers and types of proto/ against the bytes of a real Teleport 19: what its own library made of them must be what ours makes.
const folder = fileURLToPath(new URL('../../proto/', import.meta.url));
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (target.startsWith('google/') ? target : `${folder}${target.replace(folder, '')}`);
root.loadSync(
  readdirSync(folder, { recursive: true }).filter((name): name is string => typeof name === 'string' && name.endsWith('.proto')),
  { keepCase: true },
);
root.resolveAll();

const auth = '/proto.AuthService/';
/** Request and answer of each method that Slipway or its embedded cluster has; null for `google.protobuf.Empty`. */
const messages: Record<string, readonly [string | null, string | null]> = {
  [`${auth}Ping`]: ['proto.PingRequest', 'proto.PingResponse'],
  [`${auth}GenerateUserCerts`]: ['proto.UserCertsRequest', 'proto.Certs'],
  [`${auth}CreateAuthenticateChallenge`]: ['proto.CreateAuthenticateChallengeRequest', 'proto.MFAAuthenticateChallenge'],
  [`${auth}IsMFARequired`]: ['proto.IsMFARequiredRequest', 'proto.IsMFARequiredResponse'],
  [`${auth}WatchEvents`]: ['proto.Watch', 'proto.Event'],
  [`${auth}GetAccessCapabilities`]: ['types.AccessCapabilitiesRequest', 'types.AccessCapabilities'],
  [`${auth}ListUnifiedResources`]: ['proto.ListUnifiedResourcesRequest', 'proto.ListUnifiedResourcesResponse'],
  [`${auth}ListResources`]: ['proto.ListResourcesRequest', 'proto.ListResourcesResponse'],
  [`${auth}GetNode`]: ['types.ResourceInNamespaceRequest', 'types.ServerV2'],
  [`${auth}ResolveSSHTarget`]: ['proto.ResolveSSHTargetRequest', 'proto.ResolveSSHTargetResponse'],
  [`${auth}GetCurrentUserRoles`]: [null, 'types.RoleV6'],
  [`${auth}GetRole`]: ['proto.GetRoleRequest', 'types.RoleV6'],
  [`${auth}ListRequestableRoles`]: ['proto.ListRequestableRolesRequest', 'proto.ListRequestableRolesResponse'],
  [`${auth}SetAccessRequestState`]: ['proto.RequestStateSetter', null],
  [`${auth}DeleteAccessRequest`]: ['proto.RequestID', null],
  [`${auth}CreateAccessRequestV2`]: ['types.AccessRequestV3', 'types.AccessRequestV3'],
  [`${auth}GetAccessRequestsV2`]: ['types.AccessRequestFilter', 'types.AccessRequestV3'],
  [`${auth}ListAccessRequests`]: ['proto.ListAccessRequestsRequest', 'proto.ListAccessRequestsResponse'],
  [`${auth}SubmitAccessReview`]: ['types.AccessReviewSubmission', 'types.AccessRequestV3'],
  [`${auth}GetAccessRequestAllowedPromotions`]: ['types.AccessRequestAllowedPromotionRequest', 'types.AccessRequestAllowedPromotionResponse'],
  [`${auth}GetClusterCACert`]: [null, 'proto.GetClusterCACertResponse'],
  [`${auth}GetCurrentUser`]: [null, 'types.UserV2'],
  [`${auth}GetAuthPreference`]: [null, 'types.AuthPreferenceV2'],
  [`${auth}GetDomainName`]: [null, 'proto.GetDomainNameResponse'],
  '/teleport.clusterconfig.v1.ClusterConfigService/GetClusterName': ['teleport.clusterconfig.v1.GetClusterNameRequest', 'types.ClusterNameV2'],
  '/teleport.clusterconfig.v1.ClusterConfigService/GetAuthPreference': [null, 'types.AuthPreferenceV2'],
  '/teleport.presence.v1.PresenceService/ListRemoteClusters': [
    'teleport.presence.v1.ListRemoteClustersRequest',
    'teleport.presence.v1.ListRemoteClustersResponse',
  ],
  '/teleport.trust.v1.TrustService/GetCertAuthorities': [
    'teleport.trust.v1.GetCertAuthoritiesRequest',
    'teleport.trust.v1.GetCertAuthoritiesResponse',
  ],
  '/teleport.transport.v1.TransportService/GetClusterDetails': [null, 'teleport.transport.v1.GetClusterDetailsResponse'],
  '/teleport.users.v1.UsersService/GetUser': ['teleport.users.v1.GetUserRequest', 'teleport.users.v1.GetUserResponse'],
  '/teleport.userpreferences.v1.UserPreferencesService/GetUserPreferences': [
    'teleport.userpreferences.v1.GetUserPreferencesRequest',
    'teleport.userpreferences.v1.GetUserPreferencesResponse',
  ],
  '/teleport.userpreferences.v1.UserPreferencesService/UpsertUserPreferences': ['teleport.userpreferences.v1.UpsertUserPreferencesRequest', null],
};

type Value = Record<string, unknown>;
const agreed = new Set<string>();
const wrong: string[] = [];

/** Our schemas have only some fields: those must be read as recorded. */
function compare(type: protobuf.Type, ours: Value, recorded: Value, where: string): void {
  for (const [name, value] of Object.entries(recorded)) {
    const field = type.fields[name]?.resolve();
    const isDefault = value === field?.typeDefault || value === (field?.resolvedType instanceof protobuf.Enum && nameOfZero(field.resolvedType));
    if (!field || (ours[name] === undefined && isDefault)) continue;
    const [left, right] = [ours[name], value].map((side) => (field.repeated || field.map ? Object.values((side ?? {}) as Value) : [side]));
    const { resolvedType } = field;
    const isMessage = resolvedType instanceof protobuf.Type && resolvedType.fullName !== '.google.protobuf.Timestamp';
    if (left!.length !== right!.length) wrong.push(`${where}: ${field.fullName}`);
    for (const [index, one] of right!.entries()) {
      if (isMessage) compare(resolvedType, (left![index] ?? {}) as Value, one as Value, where);
      else if (JSON.stringify(left![index]) !== JSON.stringify(one)) wrong.push(`${where}: ${field.fullName} ${JSON.stringify(left![index])}`);
    }
    agreed.add(field.fullName);
  }
}

const nameOfZero = (type: protobuf.Enum) => type.valuesById[0];

function judge(message: string | null, bytes: string | undefined, recorded: unknown, where: string): void {
  if (!message || bytes === undefined || recorded === undefined) return;
  const type = root.lookupType(message);
  const ours = type.toObject(type.decode(Buffer.from(bytes, 'base64')), { longs: String, enums: String, bytes: String });
  compare(type, ours, recorded as Value, where);
}

it('every recorded message is read as the server meant it', () => {
  const names = ['certs-plain-', 'leaf-', 'mfa-', 'req-', 'rpc-'].flatMap(vectorNames);
  for (const name of [...names, ...versionVectors('14'), ...versionVectors('16')]) {
    for (const { request, response } of exchangesOf<RpcExchange & { request: { decoded?: unknown } }>(name)) {
      const [asked, answered] = messages[request?.rpc] ?? [null, null];
      // What 14 knew as an unknown field was recorded with the name that it has today.
      const older = name.startsWith('versions/14/unified');
      if (name !== 'rpc-garbage-body' && !older) judge(asked, request?.protobuf_base64, request?.decoded, name);
      if (response?.grpc_status === 0) judge(answered, response.protobuf_base64, response.decoded, name);
      for (const message of response?.messages ?? []) judge(answered, message.protobuf_base64, message.decoded, name);
    }
  }
  expect(wrong).toEqual([]);
  expect(agreed.size).toBeGreaterThan(350);
});

it.each(['14', '16'] as const)('messages of a server of %s lose none of our fields when they are written again', (age) => {
  for (const name of versionVectors(age)) {
    const { request, response } = exchangesOf<RpcExchange>(name)[0]!;
    const type = messages[request.rpc]?.[1];
    if (!type) continue;
    const message = root.lookupType(type);
    for (const bytes of [response.protobuf_base64, ...(response.messages ?? []).map((one) => one.protobuf_base64)]) {
      const first = message.decode(Buffer.from(bytes ?? '', 'base64'));
      const again = message.decode(message.encode(first).finish());
      expect(message.toObject(again, { longs: String, bytes: String }), name).toEqual(message.toObject(first, { longs: String, bytes: String }));
    }
  }
});
