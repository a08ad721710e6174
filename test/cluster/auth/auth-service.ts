import { isSince } from '../versions.ts';
import { accessRequestMethods } from './access-request-methods.ts';
import { requireCaller } from './caller.ts';
import { authorityMethods, clusterMethods } from './cluster-methods.ts';
import { credentialMethods } from './credential-methods.ts';
import { denied } from './errors.ts';
import { authPath, empty, type Method, serverStream, unary } from './methods.ts';
import { preferenceMethods } from './preferences.ts';
import { resourceMethods } from './resource-methods.ts';
import { userMethods } from './user-methods.ts';
import { watchMethod } from './watch.ts';

export interface AuthServiceOptions {
  readonly version: string;
  readonly motd: string;
  readonly secondFactor: 'otp' | 'off';
  readonly defaultTtl: number;
  /** The longest certificate that may be issued now, milliseconds. */
  longest(): number;
  /** host:port of the web listener. */
  address(): string;
}

/** The auth API of one cluster, root or leaf: which calls exist follows the emulated version (login-and-auth §7, §9). */
export function authMethods(options: AuthServiceOptions): Method[] {
  const { version } = options;
  return [
    ...clusterMethods(options),
    ...authorityMethods(),
    ...userMethods(version),
    ...accessRequestMethods(version),
    ...resourceMethods(version),
    ...credentialMethods(options),
    ...activityMethods(),
    watchMethod(version),
    ...preferenceMethods(version),
    ...refusedMethods(version),
  ];
}

/** Alerts and running sessions, of which the cluster has none. */
function activityMethods(): Method[] {
  return [
    unary(authPath('GetClusterAlerts'), empty, empty, (_request, context) => requireCaller(context)),
    serverStream(authPath('GetActiveSessionTrackers'), empty, empty, (_request, context) => {
      requireCaller(context);
      return [];
    }),
  ];
}

/** Calls that the demo users' roles do not allow. */
function refusedMethods(version: string): Method[] {
  return Object.keys(deniedTexts).flatMap((name) => {
    if (name === 'ListRoles' && !isSince(version, 16)) return [];
    const refuse = () => {
      throw denied(deniedTexts[name]);
    };
    return [unary(name.startsWith('/') ? name : authPath(name), empty, empty, refuse)];
  });
}

const deniedTexts: Record<string, string> = {
  GetEvents: 'access denied to perform action "list" on "event"',
  ListRoles: 'access denied to perform action "list" on "role", access denied to perform action "read" on "role"',
  GetUIConfig: 'access denied to perform action "read" on "ui_config"',
  GetSessionEvents: 'access denied to perform action "list" on "session"',
  StreamSessionEvents: 'access denied to perform action "read" on "session"',
  '/teleport.auditlog.v1.AuditLogService/GetUnstructuredEvents': 'access denied to perform action "list" on "event"',
};
