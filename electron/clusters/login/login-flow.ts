import { createPrivateKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type ClusterKey, clusterKey } from '../../../shared/model/cluster.ts';
import type { LoginKeys } from '../../teleport/certs/keys.ts';
import type { LoginResult, Ping } from '../../teleport/web/webapi.ts';
import { sshPrivateKeyPem } from '../profiles/openssh-key.ts';
import { type Credentials, pairsFit } from '../profiles/read-credentials.ts';
import type { ClusterCas } from '../profiles/write-login.ts';
import type { ProxyWeb, Wire } from '../wire.ts';
import { LoginAttempts } from './login-attempts.ts';

/** A login that the cluster granted, ready to be stored. */
export interface GrantedLogin {
  address: string;
  /** Who the cluster says this is. */
  user: string;
  cluster: string;
  ping: Ping;
  credentials: Credentials;
  /** The root's host CAs, as they came with the login. */
  cas: ClusterCas[];
}

export interface LoginBegin {
  address: string;
  user: string;
  password: string;
  ping: Ping;
  web: ProxyWeb;
}

interface Attempt extends LoginBegin {
  keys: Promise<LoginKeys>;
}

const usualTtlMs = 12 * 3_600_000;
/** After these the same attempt may be finished again, with a new code typed by the person. Nothing is repeated by itself. */
const openAgain = ['invalid-credentials', 'rate-limited', 'timeout', 'unreachable', 'offline', 'cancelled'];

/** A local login in two halves: password, then second factor (login-and-auth §2.1). */
export class LoginFlow {
  readonly #wire: Wire;
  readonly #attempts = new LoginAttempts<Attempt>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async begin(input: LoginBegin, signal: AbortSignal): Promise<{ attempt: string; totp: boolean; webauthn: boolean; none: boolean }> {
    const { user, password, ping, web } = input;
    const { totp, webauthn } = await web.loginBegin({ user, password }, ping, signal);
    const keys = this.#wire.generateKeys(ping.suite, ping.serverVersion);
    keys.catch(() => {}); // `finish` awaits them, if it is ever called
    return { attempt: this.#attempts.add({ ...input, keys }), totp, webauthn, none: !totp && !webauthn };
  }

  async finish(name: string, totp: string, signal: AbortSignal): Promise<GrantedLogin> {
    const attempt = this.#attempts.get(name);
    const { user, password, ping, web } = attempt;
    const keys = await attempt.keys;
    try {
      const login = {
        user,
        password,
        totp,
        sshPublicKey: keys.sshPublicKey,
        tlsPublicKey: keys.tlsPublicKey,
        ttl: ping.defaultSessionTtl ?? usualTtlMs,
      };
      const result = await web.loginFinish(login, ping, signal);
      this.#attempts.drop(name);
      return granted(attempt, keys, result);
    } catch (caught) {
      if (!openAgain.includes(AppError.from(caught).code)) this.#attempts.drop(name);
      throw caught;
    }
  }

  close(): void {
    this.#attempts.clear();
  }
}

function granted(attempt: Attempt, keys: LoginKeys, result: LoginResult): GrantedLogin {
  const root = result.hostSigners[0];
  const credentials: Credentials = {
    tlsKey: keys.tlsPrivateKey,
    tlsCert: result.tlsCertificate,
    sshKey: sshPrivateKeyPem(createPrivateKey(keys.sshPrivateKey)),
    sshPub: keys.sshPublicKey,
    sshCert: result.sshCertificate,
  };
  if (!root || !pairsFit(credentials)) {
    throw new AppError(
      'bad-response',
      'The cluster answered the login with certificates that do not fit the keys they were asked for. Try again; if it stays, tell its administrator.',
    );
  }
  const cas = result.hostSigners.map(({ cluster, sshKeys, tlsCertificates }) => ({ cluster, keys: sshKeys, certificates: tlsCertificates }));
  return { address: attempt.address, user: result.user, cluster: root.cluster, ping: attempt.ping, credentials, cas };
}

/** The key under which a granted login is known. */
export const keyOfGranted = (login: GrantedLogin): ClusterKey => clusterKey(login.user, login.address);
