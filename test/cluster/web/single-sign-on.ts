import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import type { ClusterState } from '../state/cluster-state.ts';
import { isSince } from '../versions.ts';
import { text, WebError } from './answers.ts';
import type { Login } from './login.ts';

export interface ConnectorSpec {
  readonly type: 'oidc' | 'saml' | 'github';
  readonly name: string;
  readonly display: string;
  /** Users of the cluster whom the identity provider lets in, by a click on their name. */
  readonly users: readonly string[];
}

type Body = Record<string, unknown>;
interface Pending {
  connector: ConnectorSpec;
  redirect: URL;
  keys: ReturnType<Login['keys']>;
  body: Body;
  address: string;
}

const masked = () => new WebError(403, "Failed to login. Please check Teleport's log for more details.");
const disallowed = () => new WebError(403, "Failed to login due to a disallowed callback URL. Please check Teleport's log for more details.");
const longestWait = 1000;

/** Console logins by single sign-on (login-and-auth §2.4), and an identity provider that asks nothing but who one is. */
export class SingleSignOn {
  readonly #cluster: ClusterState;
  readonly #login: Login;
  readonly #options: { version: string; connectors: readonly ConnectorSpec[]; address(): string };
  readonly #pending = new Map<string, Pending>();

  constructor(cluster: ClusterState, login: Login, options: { version: string; connectors: readonly ConnectorSpec[]; address(): string }) {
    this.#cluster = cluster;
    this.#login = login;
    this.#options = options;
  }

  /** Whether this edition has the routes of a kind of connector. */
  knows(type: string): boolean {
    return type === 'github' || this.#cluster.edition === 'ent';
  }

  /** `POST /webapi/{oidc|saml|github}/login/console`. */
  begin(type: string, body: Body, address: string): object {
    const { connectors, version } = this.#options;
    const connector = connectors.find((one) => one.type === type && one.name === text(body, 'connector_id'));
    if (!connector) throw masked();
    const redirect = callbackUrl(text(body, 'redirect_url'));
    const keys = this.#login.keys(body, 'public_key');
    const knowsPkce = isSince(version, 17, 1);
    if (knowsPkce && type === 'oidc' && !/^[\w.~-]{43,128}$/.test(text(body, 'PKCEVerifier'))) throw masked();
    const id = randomUUID();
    if (this.#pending.size >= longestWait) this.#pending.clear();
    this.#pending.set(id, { connector, redirect, keys, body, address });
    const url = `https://${this.#options.address()}/demo-idp/${id}`;
    const knowsForms = isSince(version, 17, 5) && text(body, 'client_version') !== '';
    if (type !== 'saml' || !knowsForms) return { redirect_url: url };
    const form = `<!doctype html><form method="post" action="${url}"><input type="hidden" name="SAMLRequest" value="demo"></form><script>document.forms[0].submit()</script>`;
    return { redirect_url: url, post_form: Buffer.from(form).toString('base64') };
  }

  /** A page of the identity provider; null when nobody waits for it. */
  async page(path: string, query: URLSearchParams): Promise<string | null> {
    const id = path.split('/').at(-1) ?? '';
    const pending = this.#pending.get(id);
    if (!pending) return null;
    const name = query.get('user');
    if (name === null) return choice(pending.connector);
    this.#pending.delete(id);
    const user = pending.connector.users.includes(name) ? this.#cluster.users.get(name) : undefined;
    const answer = new URL(pending.redirect);
    if (!user) {
      answer.searchParams.set('err', `${pending.connector.display} did not let you in`);
    } else {
      const { keys, body, address } = pending;
      const issued = await this.#login.certify(user, keys, { ...body, ttl: body.cert_ttl }, address);
      const key = Buffer.from(pending.redirect.searchParams.get('secret_key')!, 'hex');
      answer.searchParams.delete('secret_key');
      answer.searchParams.set('response', seal(JSON.stringify(issued), key));
    }
    return `<!doctype html><meta http-equiv="refresh" content="0;URL=${escapeHtml(answer.href)}">`;
  }
}

/** The rules that a real proxy has for the address that it sends the browser to. */
function callbackUrl(given: string): URL {
  if (!URL.canParse(given)) throw disallowed();
  const url = new URL(given);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const onlyKey = [...url.searchParams.keys()].join() === 'secret_key' && /^[0-9a-f]{64}$/.test(url.searchParams.get('secret_key') ?? '');
  if (url.protocol !== 'http:' || !isLoopback || url.pathname !== '/callback' || url.username || url.password || url.hash || !onlyKey)
    throw disallowed();
  return url;
}

/** AES-256-GCM, the tag at the end of the ciphertext. */
export function seal(plain: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return JSON.stringify({ ciphertext: ciphertext.toString('base64'), nonce: nonce.toString('base64') });
}

function choice({ display, users }: ConnectorSpec): string {
  const links = users.map((name) => `<p><a href="?user=${encodeURIComponent(name)}">${escapeHtml(name)}</a></p>`).join('');
  return `<!doctype html><meta name="viewport" content="width=device-width"><title>${escapeHtml(display)}</title><h1>${escapeHtml(display)}</h1><p>Who are you?</p>${links}<p><a href="?user=">Nobody of these</a></p>`;
}

const escapeHtml = (given: string) => given.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
