/*
 * The proxy's public web API over HTTPS: pings, the message of the day, and logins. `web-request.ts` sends one request per
 * connection, after the certificate has been judged, and bounds the answer; `web-shapes.ts` checks answers by schema and renames
 * their fields; `web-errors.ts` explains refusals. `find-proxy.ts` finds out which port of a typed host has a Teleport proxy.
 */
import type * as z from 'zod';
import { type KeyForm, takesSingleKey } from '../connect/versions.ts';
import { configJson } from './config-script.ts';
import { notAProxy, type WebStep, webError } from './web-errors.ts';
import { badResponse, type WebAnswer, type WebRequest, webRequest } from './web-request.ts';
import {
  challengeSchema,
  configSchema,
  errorSchema,
  type Find,
  findSchema,
  type LoginChallenge,
  type LoginResult,
  loginSchema,
  motdSchema,
  type Ping,
  pingSchema,
  type SsoTarget,
  ssoTargetSchema,
  type WebConfig,
} from './web-shapes.ts';

export type { Find, LoginChallenge, LoginResult, Ping, SsoTarget, WebConfig };

/** The facts of a ping that decide the form of a login. */
export type LoginServer = Pick<Ping, 'serverVersion' | 'secondFactor'>;

export interface LoginFinish {
  readonly user: string;
  readonly password: string;
  /** Six digits, or empty when the account has no second factor. */
  readonly totp: string;
  /** authorized_keys line, newline included. */
  readonly sshPublicKey: string;
  /** PEM. */
  readonly tlsPublicKey: string;
  /** With `single`, only the SSH key is sent, which is also the TLS key. */
  readonly keyForm: KeyForm;
  /** Milliseconds; the server shortens it to what the roles allow. */
  readonly ttl: number;
}

export interface SsoBegin extends Pick<LoginFinish, 'sshPublicKey' | 'tlsPublicKey' | 'keyForm' | 'ttl'> {
  readonly connector: { readonly type: 'oidc' | 'saml' | 'github'; readonly name: string };
  /** Where the browser brings the answer: `http://127.0.0.1:…/callback?secret_key=…`. */
  readonly redirectUrl: string;
  /** Of PKCE, another one for each login. */
  readonly verifier: string;
}

/** The proxy's public web API (login-and-auth §1, §2.1). Every failure is an AppError; nothing secret is in it. */
export class WebApi {
  readonly #address: string;
  readonly #trustedFingerprint: string | null;

  /** `address` is host:port; `trust` the fingerprint of a web certificate that the person trusts for it. */
  constructor(options: { address: string; trust?: string | null }) {
    this.#address = options.address;
    this.#trustedFingerprint = options.trust ?? null;
  }

  /** Fails with `not-a-proxy` when something else than a Teleport proxy answers. */
  ping(signal?: AbortSignal): Promise<Ping> {
    return this.#call(pingSchema, 'ping', { method: 'GET', path: '/webapi/ping', timeoutMs: 15_000, signal });
  }

  /** The proxy's clock, milliseconds, to about a second; null when it does not say. */
  async serverTime(signal?: AbortSignal): Promise<number | null> {
    const { date } = await webRequest(this.#target, { method: 'GET', path: '/webapi/find', timeoutMs: 15_000, signal });
    // The header has whole seconds: on average half of one has passed.
    return date === null ? null : date + 500;
  }

  find(signal?: AbortSignal): Promise<Find> {
    return this.#call(findSchema, 'ping', { method: 'GET', path: '/webapi/find', timeoutMs: 15_000, signal });
  }

  /** The message to show before a login; empty when there is none. */
  async motd(signal?: AbortSignal): Promise<string> {
    return (await this.#call(motdSchema, 'other', { method: 'GET', path: '/webapi/motd', signal })).Text;
  }

  async config(signal?: AbortSignal): Promise<WebConfig> {
    const answer = await webRequest(this.#target, { method: 'GET', path: '/web/config.js', signal });
    this.#refuseErrors(answer, 'other');
    return this.#parse(configSchema, configJson(answer.body.toString('utf8')));
  }

  /** Checks the password, as far as the cluster does that at this point, and returns which second factor it wants. */
  async loginBegin(credentials: { user: string; password: string }, server: LoginServer, signal?: AbortSignal): Promise<LoginChallenge> {
    if (usesOldLogin(server)) return { totp: server.secondFactor === 'otp', webauthn: false };
    const json = { user: credentials.user, pass: credentials.password, passwordless: false };
    return this.#call(challengeSchema, 'login-begin', { method: 'POST', path: '/webapi/mfa/login/begin', json, signal });
  }

  /**
   * Never call it again with the same code: a used code counts as a failed attempt. After a refusal of the key form the code may be
   * unused.
   */
  loginFinish(login: LoginFinish, server: LoginServer, signal?: AbortSignal): Promise<LoginResult> {
    const old = usesOldLogin(server);
    const json = {
      user: login.user,
      password: login.password,
      ...(old ? { otp_token: login.totp } : { totp_code: login.totp, webauthn_challenge_response: null }),
      ...(login.keyForm === 'single' ? { pub_key: base64(login.sshPublicKey) } : keyPair(login)),
      ttl: Math.round(login.ttl) * 1_000_000,
      compatibility: 'standard',
    };
    return this.#call(loginSchema, 'login-finish', { method: 'POST', path: old ? '/webapi/ssh/certs' : '/webapi/mfa/login/finish', json, signal });
  }

  /** Where the browser is to go for single sign-on (login-and-auth §2.4): an address of the identity provider, or a page that posts a form to it. */
  ssoBegin(login: SsoBegin, server: LoginServer, signal?: AbortSignal): Promise<SsoTarget> {
    const { connector, keyForm } = login;
    const json = {
      connector_id: connector.name,
      redirect_url: login.redirectUrl,
      // Up to 16 the one key has another name here than in the other logins.
      ...(keyForm === 'single' ? { public_key: base64(login.sshPublicKey) } : keyPair(login)),
      cert_ttl: Math.round(login.ttl) * 1_000_000,
      compatibility: 'standard',
      PKCEVerifier: login.verifier,
      // That of the server: it asks for nothing that it does not know.
      client_version: server.serverVersion,
    };
    return this.#call(ssoTargetSchema, 'sso-begin', { method: 'POST', path: `/webapi/${connector.type}/login/console`, json, signal });
  }

  /** What a login by the browser brought back, as the cluster sealed it. */
  readLogin(json: string): LoginResult {
    return this.#parse(loginSchema, json);
  }

  get #target() {
    return { address: this.#address, trustedFingerprint: this.#trustedFingerprint };
  }

  async #call<Schema extends z.ZodType>(schema: Schema, step: WebStep, request: WebRequest): Promise<z.output<Schema>> {
    const answer = await webRequest(this.#target, request);
    this.#refuseErrors(answer, step);
    try {
      return this.#parse(schema, answer.body.toString('utf8'));
    } catch (error) {
      throw step === 'ping' && !answer.contentType.startsWith('application/json') ? notAProxy(this.#address) : error;
    }
  }

  #refuseErrors(answer: WebAnswer, step: WebStep): void {
    if (answer.status === 200) return;
    const parsed = errorSchema.safeParse(parseJson(answer.body.toString('utf8')));
    if (!parsed.success && step === 'ping' && answer.status !== 429 && answer.status < 500) throw notAProxy(this.#address);
    const text = parsed.success ? parsed.data.error?.message || parsed.data.message : '';
    throw webError(answer.status, text, step, this.#address);
  }

  #parse<Schema extends z.ZodType>(schema: Schema, json: string): z.output<Schema> {
    const parsed = schema.safeParse(parseJson(json));
    if (!parsed.success)
      throw badResponse(this.#address, 'is not what a Teleport proxy says', parsed.error.issues.map((issue) => issue.path.join('.')).join(', '));
    return parsed.data;
  }
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const keyPair = ({ sshPublicKey, tlsPublicKey }: Pick<LoginFinish, 'sshPublicKey' | 'tlsPublicKey'>) => ({
  ssh_pub_key: base64(sshPublicKey),
  tls_pub_key: base64(tlsPublicKey),
});

/** Servers up to 16 without WebAuthn take a login in one step, with the code beside the password (login-and-auth §2.0). */
function usesOldLogin(server: LoginServer): boolean {
  return takesSingleKey(server.serverVersion) && (server.secondFactor === 'off' || server.secondFactor === 'otp');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
