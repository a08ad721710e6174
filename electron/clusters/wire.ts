import type { AuthClient } from '../teleport/auth/auth-client.ts';
import type { AuthRoute } from '../teleport/auth/auth-route.ts';
import type { LoginKeys } from '../teleport/certs/keys.ts';
import type { generateTargetKey } from '../teleport/certs/target-keys.ts';
import { forcedUpgrade } from '../teleport/connect/forced-upgrade.ts';
import type { needsUpgrade } from '../teleport/connect/tls.ts';
import type { KeyForm } from '../teleport/connect/versions.ts';
import type { findProxy } from '../teleport/web/find-proxy.ts';
import type { KeySuite } from '../teleport/web/web-shapes.ts';
import type { WebApi } from '../teleport/web/webapi.ts';
import type { CertificateFacts } from './describe-login.ts';

export type ProxyWebApi = Pick<WebApi, 'ping' | 'serverTime' | 'motd' | 'config' | 'loginBegin' | 'loginFinish' | 'ssoBegin' | 'readLogin'>;

/** The parts of `electron/teleport` that the cluster service uses. */
export interface Wire {
  findProxy: typeof findProxy;
  needsUpgrade: typeof needsUpgrade;
  webApi(options: { address: string; trust: string | null }): Promise<ProxyWebApi>;
  generateKeys(suite: KeySuite, form: KeyForm): Promise<LoginKeys>;
  generateTargetKey: typeof generateTargetKey;
  versionWarning(serverVersion: string): Promise<string | null>;
  readCertificate(pem: string): Promise<CertificateFacts & { user: string; cluster: string }>;
  authClient(route: AuthRoute & { webAddress: string }): Promise<AuthClient>;
}

/** The real wire. Each part is loaded when first asked for: nothing of gRPC or X.509 before the window is painted. */
export const teleportWire: Wire = {
  findProxy: async (...given) => (await import('../teleport/web/find-proxy.ts')).findProxy(...given),
  needsUpgrade: async (address, options) =>
    forcedUpgrade(address, process.env.TELEPORT_TLS_ROUTING_CONN_UPGRADE) ??
    (await import('../teleport/connect/tls.ts')).needsUpgrade(address, options),
  webApi: async (options) => new (await import('../teleport/web/webapi.ts')).WebApi(options),
  generateKeys: async (...given) => (await import('../teleport/certs/keys.ts')).generateKeys(...given),
  generateTargetKey: async (...given) => (await import('../teleport/certs/target-keys.ts')).generateTargetKey(...given),
  versionWarning: async (version) => (await import('../teleport/connect/versions.ts')).versionWarning(version),
  readCertificate: async (pem) => (await import('../teleport/certs/certificates.ts')).parseUserCertificate(pem),
  authClient: async (route) => new (await import('../teleport/auth/auth-client.ts')).AuthClient(route),
};
