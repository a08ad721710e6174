import { createPrivateKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type ClusterKey, clusterKey } from '../../../shared/model/cluster.ts';
import type { LoginKeys } from '../../teleport/certs/keys.ts';
import { type KeyForm, loginKeyForm } from '../../teleport/connect/versions.ts';
import { keyFormRefusal } from '../../teleport/web/web-errors.ts';
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
  /** The keys are in the other form than the version's, since that was refused. */
  otherForm: boolean;
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
    const keys = this.#newKeys(ping, loginKeyForm(ping.serverVersion));
    return { attempt: this.#attempts.add({ ...input, keys, otherForm: false }), totp, webauthn, none: !totp && !webauthn };
  }

  async finish(name: string, totp: string, signal: AbortSignal): Promise<GrantedLogin> {
    const attempt = this.#attempts.get(name);
    try {
      const answer = await this.#finish(attempt, totp, signal);
      this.#attempts.drop(name);
      return answer;
    } catch (caught) {
      if (!openAgain.includes(AppError.from(caught).code)) this.#attempts.drop(name);
      throw caught;
    }
  }

  async #finish(attempt: Attempt, totp: string, signal: AbortSignal): Promise<GrantedLogin> {
    const { user, password, ping, web } = attempt;
    const keys = await attempt.keys;
    const ttl = ping.defaultSessionTtl ?? usualTtlMs;
    try {
      return granted(attempt, keys, await web.loginFinish({ user, password, totp, ttl, ...publicKeys(keys) }, ping, signal));
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.details?.refused !== keyFormRefusal || attempt.otherForm) throw error;
    }
    // Once, whatever the version says: there are builds that take another form than their version's.
    attempt.otherForm = true;
    attempt.keys = this.#newKeys(ping, keys.keyForm === 'pair' ? 'single' : 'pair');
    try {
      return await this.#finish(attempt, totp, signal);
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code !== 'invalid-credentials' || totp === '') throw error;
      throw new AppError(
        'invalid-credentials',
        'The cluster wants the keys of this login in an older form, and the code was used up by finding out. Wait for the next code and enter it.',
        { cause: error },
      );
    }
  }

  #newKeys({ suite }: Ping, form: KeyForm): Promise<LoginKeys> {
    const keys = this.#wire.generateKeys(suite, form);
    keys.catch(() => {}); // `finish` awaits them, if it is ever called
    return keys;
  }

  close(): void {
    this.#attempts.clear();
  }
}

const publicKeys = ({ sshPublicKey, tlsPublicKey, keyForm }: LoginKeys) => ({ sshPublicKey, tlsPublicKey, keyForm });

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
