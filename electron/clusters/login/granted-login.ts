import { createPrivateKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type ClusterKey, clusterKey } from '../../../shared/model/cluster.ts';
import type { LoginKeys } from '../../teleport/certs/keys.ts';
import type { KeyForm } from '../../teleport/connect/versions.ts';
import type { LoginResult, Ping } from '../../teleport/web/webapi.ts';
import { sshPrivateKeyPem } from '../profiles/openssh-key.ts';
import { type Credentials, pairsFit } from '../profiles/read-credentials.ts';
import type { ClusterCas } from '../profiles/write-login.ts';
import type { ProxyWebApi, Wire } from '../wire.ts';

/** How somebody logged in: by a password (`local`) or by single sign-on. */
export interface UsedConnector {
  readonly type: 'local' | 'oidc' | 'saml' | 'github';
  /** As the profile names it: `local`, or the connector's own name. */
  readonly name: string;
}

/** A login that the cluster granted, ready to be stored. */
export interface GrantedLogin {
  address: string;
  /** Who the cluster says this is. */
  user: string;
  cluster: string;
  ping: Ping;
  connector: UsedConnector;
  credentials: Credentials;
  /** The root's host CAs, as they came with the login. */
  cas: ClusterCas[];
}

/** A proxy that takes logins. */
export interface LoginSite {
  address: string;
  /** Pings the proxy again; refuses proxies that Slipway cannot log in to. */
  ping(signal: AbortSignal): Promise<Ping>;
  web: ProxyWebApi;
  wire: Pick<Wire, 'generateKeys' | 'readCertificate'>;
}

/** The key under which a granted login is known. */
export const keyOfGranted = (login: GrantedLogin): ClusterKey => clusterKey(login.user, login.address);

/** Teleport's own default, for a cluster that does not name a duration. The server shortens it to what the roles allow. */
const usualTtlMs = 12 * 3_600_000;
export const ttlOf = (ping: Ping): number => ping.defaultSessionTtl ?? usualTtlMs;

/** Keys of a login to come. They are made while the person still types; a failure reaches the code that awaits them. */
export function newKeys({ wire }: LoginSite, { suite }: Ping, form: KeyForm): Promise<LoginKeys> {
  const keys = wire.generateKeys(suite, form);
  keys.catch(() => {}); // the login that awaits them gets the failure
  return keys;
}

export const publicKeys = ({ sshPublicKey, tlsPublicKey, keyForm }: LoginKeys) => ({ sshPublicKey, tlsPublicKey, keyForm });

/** The cluster's answer to a login as it may be stored. Throws `bad-response` when its certificates are for other keys, or for somebody else than it says. */
export async function grantedLogin(
  { address, wire }: LoginSite,
  asked: { ping: Ping; keys: LoginKeys; connector: UsedConnector },
  result: LoginResult,
): Promise<GrantedLogin> {
  const { ping, keys, connector } = asked;
  const root = result.hostSigners[0];
  const credentials: Credentials = {
    tlsKey: keys.tlsPrivateKey,
    tlsCert: result.tlsCertificate,
    sshKey: sshPrivateKeyPem(createPrivateKey(keys.sshPrivateKey)),
    sshPub: keys.sshPublicKey,
    sshCert: result.sshCertificate,
  };
  if (!root || !pairsFit(credentials)) throw unfit('do not fit the keys they were asked for');
  if ((await wire.readCertificate(result.tlsCertificate)).user !== result.user) throw unfit('are for another user than it says');
  const cas = result.hostSigners.map(({ cluster, sshKeys, tlsCertificates }) => ({ cluster, keys: sshKeys, certificates: tlsCertificates }));
  return { address, user: result.user, cluster: root.cluster, ping, connector, credentials, cas };
}

function unfit(how: string): AppError {
  return new AppError(
    'bad-response',
    `The cluster answered the login with certificates that ${how}. Try again; if it stays, tell its administrator.`,
  );
}
