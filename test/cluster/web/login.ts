import { lineToPem } from '../pki/openssh.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { UserAccount } from '../state/users.ts';
import { isSince } from '../versions.ts';
import { text, WebError } from './answers.ts';

export interface LoginOptions {
  readonly version: string;
  readonly secondFactor: 'otp' | 'off';
  readonly defaultTtl: number;
  /** The longest certificate that may be issued now, milliseconds. */
  longest(): number;
  /** A host CA to name instead of the real one. */
  wrongHostCa(): { line: string; pem: string } | null;
}

type Body = Record<string, unknown>;
const masked = () => new WebError(403, 'invalid credentials');
const refused = () => new WebError(403, 'invalid username, password or second factor');

/** Local login of the web API (login-and-auth §2.1). */
export class Login {
  readonly #cluster: ClusterState;
  readonly #options: LoginOptions;

  constructor(cluster: ClusterState, options: LoginOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  begin(body: Body): object {
    if (body['passwordless'] === true) throw new WebError(400, 'passwordless requires WebAuthn');
    const user = this.#cluster.users.get(text(body, 'user'));
    const password = text(body, 'pass');
    if (!user || user.locked) throw masked();
    if (!user.checkPassword(password)) {
      user.failed();
      throw masked();
    }
    return {
      webauthn_challenge: null,
      totp_challenge: user.hasTotp && this.#options.secondFactor === 'otp',
      ...(isSince(this.#options.version, 17, 1) ? { sso_challenge: null } : {}),
      ...(isSince(this.#options.version, 18, 8) ? { browser_challenge: null } : {}),
    };
  }

  /** `mfa/login/finish`, and up to 17 also `ssh/certs`, whose code field has another name. */
  async finish(body: Body, address: string, codeField = 'totp_code'): Promise<object> {
    const name = text(body, 'user');
    const code = text(body, codeField);
    const password = text(body, 'password');
    // Servers from 17 on look at the keys before they look at the person, older ones after it.
    const early = isSince(this.#options.version, 17) ? this.keys(body) : null;
    const user = this.#cluster.users.get(name);
    if (!user) throw refused();
    this.#check(user, password, code);
    return this.certify(user, early ?? this.keys(body), body, address);
  }

  #check(user: UserAccount, password: string, code: string): void {
    if (user.locked) throw new WebError(403, 'too many incorrect attempts, please try again later');
    const needsCode = user.hasTotp && this.#options.secondFactor === 'otp';
    if (needsCode && code === '' && user.checkPassword(password)) throw new WebError(403, 'missing second factor');
    if (!user.checkPassword(password) || (needsCode && !user.takeTotp(code))) {
      user.failed();
      throw refused();
    }
    if (user.lock !== null) throw new WebError(403, `lock targeting User:"${user.name}" is in force: ${user.lock}`);
    user.succeeded();
  }

  /** Up to 16 one key, 17 either style but not both, from 18 the pair. */
  keys(body: Body, singleField = 'pub_key'): { ssh: string; tls: string } {
    const decode = (key: string) => Buffer.from(text(body, key), 'base64').toString('utf8');
    const takes = (major: number) => isSince(this.#options.version, major);
    const pair = { ssh: decode('ssh_pub_key'), tls: decode('tls_pub_key') };
    const single = takes(18) ? '' : decode(singleField);
    if (takes(17) && single && (pair.ssh || pair.tls))
      throw new WebError(400, "'pub_key' must not be set together with 'ssh_pub_key' or 'tls_pub_key'");
    if (single) return { ssh: single, tls: toPem(single) };
    if (!takes(17)) throw new WebError(400, 'ssh: no key found');
    if (!pair.ssh && !pair.tls) throw new WebError(400, "'ssh_pub_key' or 'tls_pub_key' must be set");
    return pair;
  }

  /** The answer to a login that was granted. */
  async certify(user: UserAccount, keys: { ssh: string; tls: string }, body: Body, address: string): Promise<object> {
    const cluster = this.#cluster;
    const { identity, access } = cluster.identityOf(user, address, text(body, 'RouteToCluster'));
    const asked = typeof body['ttl'] === 'number' && body['ttl'] > 0 ? body['ttl'] / 1e6 : this.#options.defaultTtl;
    const issued = await cluster
      .issue(
        {
          identity: { ...identity, kubeCluster: text(body, 'KubernetesCluster') },
          ...(keys.ssh ? { sshPublicKey: keys.ssh } : {}),
          ...(keys.tls ? { tlsPublicKey: keys.tls } : {}),
          notAfter: new Date(cluster.now() + Math.min(asked, this.#options.longest())),
          format: text(body, 'compatibility'),
        },
        access,
      )
      .catch(() => {
        throw new WebError(400, 'failed to parse public key');
      });
    const base64 = (value: string | null) => (value === null ? null : Buffer.from(value).toString('base64'));
    const host = this.#options.wrongHostCa() ?? { line: cluster.authorities.hostSsh.line, pem: cluster.authorities.host.pem };
    return {
      username: user.name,
      cert: base64(issued.ssh),
      tls_cert: base64(issued.tls),
      host_signers: [{ domain_name: cluster.name, checking_keys: [base64(host.line)], tls_certs: [base64(host.pem)] }],
      ...(isSince(this.#options.version, 16, 1) ? { samlSingleLogoutEnabled: false } : {}),
      ...(isSince(this.#options.version, 17) ? { mfa_token: '' } : {}),
      ...(isSince(this.#options.version, 18, 3) ? { client_options: { default_relay_addr: '' } } : {}),
    };
  }
}

function toPem(line: string): string {
  try {
    return lineToPem(line);
  } catch {
    throw new WebError(400, 'failed to parse public key');
  }
}
