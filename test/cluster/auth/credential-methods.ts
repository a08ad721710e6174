import { randomBytes } from 'node:crypto';
import { proto } from '../../../proto/gen/teleport.js';
import type { Entry } from '../state/inventory.ts';
import { isSince } from '../versions.ts';
import type { AuthServiceOptions } from './auth-service.ts';
import { requireCaller } from './caller.ts';
import { denied, invalid, notFound } from './errors.ts';
import { authPath, type CallContext, type Method, unary } from './methods.ts';
import { generateUserCerts } from './user-certs.ts';

const { CHALLENGE_SCOPE_USER_SESSION: USER_SESSION, CHALLENGE_SCOPE_ADMIN_ACTION: ADMIN_ACTION } = proto.ChallengeScope;
const { CHALLENGE_ALLOW_REUSE_YES } = proto.ChallengeAllowReuse;

/** Certificates and sessions of apps, and the second factor that they may need (login-and-auth §7.5). */
export function credentialMethods(options: AuthServiceOptions): Method[] {
  const { version } = options;
  return [
    unary(authPath('GenerateUserCerts'), proto.UserCertsRequest, proto.Certs, (request, context) =>
      generateUserCerts(request, context, version, options.longest()),
    ),
    unary(authPath('CreateAppSession'), proto.CreateAppSessionRequest, proto.CreateAppSessionResponse, (request, context) => {
      const caller = requireCaller(context);
      if (!caller.local || request.Username !== caller.user) throw denied('access denied: impersonation is not allowed');
      if (!request.PublicAddr || !request.ClusterName) throw invalid('missing public address or cluster name');
      const Name = randomBytes(32).toString('hex');
      context.cluster.appSessions.add(Name);
      return { Session: { Kind: 'web_session', SubKind: 'app_session', Version: 'v2', Metadata: { Name } } };
    }),
    unary(authPath('IsMFARequired'), proto.IsMFARequiredRequest, proto.IsMFARequiredResponse, (request, context) => {
      if ((request.App && !isSince(version, 16)) || (request.AdminAction && !isSince(version, 15))) throw invalid('unknown Target <nil>');
      const required = mfaRequired(request, context, version);
      return { Required: required, ...(isSince(version, 15) ? { MFARequired: required ? 1 : 2 } : {}) };
    }),
    unary(authPath('CreateAuthenticateChallenge'), proto.CreateAuthenticateChallengeRequest, proto.MFAAuthenticateChallenge, (request, context) => {
      const caller = requireCaller(context);
      if (!caller.local) return {};
      if (isSince(version, 19) && !request.ChallengeExtensions?.scope) throw invalid('scope not present in request');
      const { scope, allow_reuse: reuse } = request.ChallengeExtensions ?? {};
      // Early builds of 17 allow reuse only for what administrators do.
      const reusable = scope === ADMIN_ACTION || (scope === USER_SESSION && isSince(version, 18));
      if (isSince(version, 15) && reuse === CHALLENGE_ALLOW_REUSE_YES && !reusable) throw denied('unable to create MFA challenges');
      const check = isSince(version, 15) ? request.MFARequiredCheck : null;
      if (check && !mfaRequired(check, context, version)) return { MFARequired: 2 };
      return { ...(context.cluster.users.get(caller.user)?.hasTotp ? { TOTP: {} } : {}), ...(check ? { MFARequired: 1 } : {}) };
    }),
  ];
}

/** YES and NO as a real server decides: an unknown target, or one without access, needs no second factor (login-and-auth §7.5). */
function mfaRequired(request: proto.IIsMFARequiredRequest, context: CallContext, version: string): boolean {
  const { access } = requireCaller(context);
  const needs = (kind: Entry['kind'], test: (entry: Entry) => boolean) => {
    const found = context.cluster.inventory.byName.filter((entry) => entry.kind === kind && test(entry));
    if (found.length === 0 && kind !== 'node' && !isSince(version, 15)) throw notFound(`${kind} not found`);
    return found.some((entry) => access.needsMfa(kind, entry.labels));
  };
  const { Node: node, Database: db, App: app, KubernetesCluster: kube, WindowsDesktop: desktop } = request;
  if (node) {
    if (!node.Login) throw invalid('empty Login field');
    return needs('node', (entry) => (entry.id === node.Node || entry.name === node.Node) && access.loginsFor(entry.labels).includes(node.Login!));
  }
  if (db) return needs('db', (entry) => entry.id === db.ServiceName);
  if (app) return needs('app', (entry) => entry.id === app.Name);
  if (kube) return needs('kube_cluster', (entry) => entry.id === kube);
  if (desktop) return needs('windows_desktop', (entry) => entry.id === desktop.WindowsDesktop);
  if (request.AdminAction) return false;
  throw invalid('unknown Target <nil>');
}
