import * as z from 'zod';
import { cleanText } from '../connect/clean-text.ts';

// Go sends null for empty strings, lists and byte slices; unknown keys are left out (login-and-auth §1.1).
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const line = text.transform((value) => cleanText(value, 1000));
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.preprocess((value) => value ?? {}, z.object(shape));
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
/** Base64 of bytes, as the text they hold. */
const bytes = text.transform((value) => Buffer.from(value, 'base64').toString('utf8'));
const requiredBytes = z
  .string()
  .min(1)
  .transform((value) => Buffer.from(value, 'base64').toString('utf8'));

const suites = ['', 'legacy', 'balanced-v1', 'fips-v1', 'hsm-v1'];
/** The suite's name, its enum name or its number; unknown ones count as legacy. */
const suite = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value): KeySuite => {
    const name = typeof value === 'number' ? suites[value] : value?.toLowerCase().replace('signature_algorithm_suite_', '').replaceAll('_', '-');
    return name === 'balanced-v1' || name === 'fips-v1' || name === 'hsm-v1' ? name : 'legacy';
  });
export type KeySuite = 'legacy' | 'balanced-v1' | 'fips-v1' | 'hsm-v1';

const secondFactor = text.transform((value): 'off' | 'otp' | 'webauthn' | 'on' | 'optional' => {
  if (value === 'u2f') return 'webauthn';
  return value === 'off' || value === 'otp' || value === 'webauthn' || value === 'optional' ? value : 'on';
});
const authType = text.transform((value): 'local' | 'oidc' | 'saml' | 'github' =>
  value === 'oidc' || value === 'saml' || value === 'github' ? value : 'local',
);

const durationUnits: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
/** A Go duration such as `12h0m0s`, or nanoseconds, in milliseconds; null when it is unset or unreadable. */
const duration = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((given): number | null => {
    if (typeof given === 'number') return given > 0 ? given / 1_000_000 : null;
    const value = given ?? '';
    if (!/^(\d{1,9}(\.\d{1,9})?(h|ms|m|s))+$/.test(value)) return null;
    const total = [...value.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
      (sum, [, amount, unit = '']) => sum + Number(amount) * (durationUnits[unit] ?? 0),
      0,
    );
    return total > 0 ? total : null;
  });

/** `GET /webapi/ping` (login-and-auth §1.2), with our names. */
export const pingSchema = z
  .object({
    auth: part({
      type: authType,
      second_factor: secondFactor,
      allow_passwordless: flag,
      private_key_policy: line,
      has_motd: flag,
      load_all_cas: flag,
      default_session_ttl: duration,
      signature_algorithm_suite: suite,
    }),
    proxy: part({
      tls_routing_enabled: flag,
      ssh: part({ public_addr: line, ssh_public_addr: line, listen_addr: line }),
      kube: part({ enabled: flag, public_addr: line, listen_addr: line }),
      db: part({
        postgres_public_addr: line,
        postgres_listen_addr: line,
        mysql_public_addr: line,
        mysql_listen_addr: line,
        mongo_public_addr: line,
        mongo_listen_addr: line,
      }),
    }),
    server_version: z.string().min(1).max(100),
    min_client_version: line,
    cluster_name: z.string().min(1).max(1000),
    edition: line,
  })
  .transform(({ auth, proxy, ...rest }) => ({
    clusterName: cleanText(rest.cluster_name),
    serverVersion: cleanText(rest.server_version),
    minClientVersion: rest.min_client_version,
    edition: rest.edition,
    authType: auth.type,
    secondFactor: auth.second_factor,
    allowPasswordless: auth.allow_passwordless,
    privateKeyPolicy: auth.private_key_policy,
    hasMotd: auth.has_motd,
    loadAllCas: auth.load_all_cas,
    /** Milliseconds; null when the cluster does not say. */
    defaultSessionTtl: auth.default_session_ttl,
    suite: auth.signature_algorithm_suite,
    tlsRouting: proxy.tls_routing_enabled,
    webPublicAddress: proxy.ssh.public_addr,
    sshPublicAddress: proxy.ssh.ssh_public_addr,
    sshListenAddress: proxy.ssh.listen_addr,
    /** Where services of their own listen, as far as the proxy says; null for Kubernetes when it is off. */
    kube: proxy.kube.enabled ? { publicAddress: proxy.kube.public_addr, listenAddress: proxy.kube.listen_addr } : null,
    postgres: { publicAddress: proxy.db.postgres_public_addr, listenAddress: proxy.db.postgres_listen_addr },
    mysql: { publicAddress: proxy.db.mysql_public_addr, listenAddress: proxy.db.mysql_listen_addr },
    mongo: { publicAddress: proxy.db.mongo_public_addr, listenAddress: proxy.db.mongo_listen_addr },
  }));
export type Ping = z.output<typeof pingSchema>;

/** The few fields that `/webapi/find` fills (login-and-auth §1.3). */
export const findSchema = pingSchema.transform(({ clusterName, serverVersion, minClientVersion, edition, suite: found, tlsRouting }) => ({
  clusterName,
  serverVersion,
  minClientVersion,
  edition,
  suite: found,
  tlsRouting,
}));
export type Find = z.output<typeof findSchema>;

export const motdSchema = z.object({ Text: text.transform((value) => cleanText(value, 10_000, { lines: true })) });

/** `GRV_CONFIG` of `/web/config.js` (login-and-auth §1.5): the connectors that a person can log in with, and whether lists show what could be asked for. */
export const configSchema = z
  .object({
    auth: part({
      localAuthEnabled: z
        .boolean()
        .nullish()
        .transform((value) => value ?? true),
      providers: list(z.object({ name: z.string().min(1).max(500), displayName: line, type: text })),
    }),
    ui: part({ showResources: text }),
  })
  .transform(({ auth, ui }) => ({
    showsRequestable: ui.showResources !== 'accessible_only',
    localAuth: auth.localAuthEnabled,
    connectors: auth.providers
      .slice(0, 100)
      .flatMap(({ name, displayName, type }) =>
        type === 'oidc' || type === 'saml' || type === 'github' ? [{ type, name, display: displayName || cleanText(name) } as const] : [],
      ),
  }));
export type WebConfig = z.output<typeof configSchema>;

/** The second factor that `/webapi/mfa/login/begin` wants (login-and-auth §2.1). */
export const challengeSchema = z
  .object({ webauthn_challenge: z.unknown().optional(), totp_challenge: flag })
  .transform(({ webauthn_challenge, totp_challenge }) => ({
    totp: totp_challenge,
    webauthn: webauthn_challenge !== null && webauthn_challenge !== undefined,
  }));
export type LoginChallenge = z.output<typeof challengeSchema>;

/** The body of every successful login (login-and-auth §2.0). `cert` is one line, the others PEM; texts, not Base64. */
export const loginSchema = z
  .object({
    username: z.string().min(1).max(1000),
    cert: requiredBytes,
    tls_cert: requiredBytes,
    host_signers: z.array(z.object({ domain_name: z.string().min(1).max(1000), checking_keys: list(bytes), tls_certs: list(bytes) })).min(1),
  })
  .transform(({ username, cert, tls_cert, host_signers }) => ({
    user: username,
    sshCertificate: cert,
    tlsCertificate: tls_cert,
    hostSigners: host_signers.map(({ domain_name, checking_keys, tls_certs }) => ({
      cluster: domain_name,
      sshKeys: checking_keys,
      tlsCertificates: tls_certs,
    })),
  }));
export type LoginResult = z.output<typeof loginSchema>;

/** Only these may be opened: what a cluster names goes to the person's browser. */
function isWebAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

/** Answer of `/webapi/{oidc,saml,github}/login/console` (login-and-auth §2.4). A page that posts a form goes before the address. */
export const ssoTargetSchema = z
  .object({ redirect_url: text, post_form: bytes })
  .refine(({ redirect_url, post_form }) => post_form !== '' || isWebAddress(redirect_url))
  // As a URL writes it: the raw text may hold line breaks and letters that no header may have.
  .transform(({ redirect_url, post_form }) => (post_form === '' ? { url: new URL(redirect_url).href } : { form: post_form }));
export type SsoTarget = z.output<typeof ssoTargetSchema>;

/** Errors of the web API (login-and-auth §1.1). */
export const errorSchema = z.object({
  error: z.object({ message: text }).nullish(),
  message: text,
  fields: z.object({ proxyVersion: z.object({ string: text }).nullish() }).nullish(),
});
