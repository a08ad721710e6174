import * as z from 'zod';
import { type ErrorCode, errorDataSchema } from '../errors/app-error.ts';

/**
 * Identifies one cluster login for as long as the profile exists: `user@host:port`, user percent-encoded and empty
 * (`@host:port`) until somebody has logged in. IPv6 hosts are in brackets.
 */
export const clusterKeySchema = z.string().min(1).max(1024);
export type ClusterKey = z.infer<typeof clusterKeySchema>;

export function clusterKey(user: string, address: string): ClusterKey {
  return `${encodeURIComponent(user)}@${address}`;
}

export function parseClusterKey(key: ClusterKey): { user: string; address: string } {
  const at = key.indexOf('@');
  if (at < 0) return { user: '', address: key };
  return { user: decodeURIComponent(key.slice(0, at)), address: key.slice(at + 1) };
}

export const leafSchema = z.object({ name: z.string(), online: z.boolean() });

export const clusterSchema = z.object({
  key: clusterKeySchema,
  /** host:port of the proxy's web listener. */
  address: z.string(),
  /** The root cluster's own name; the host until a login or ping has told it. */
  name: z.string(),
  user: z.string(),
  /** `own`: Slipway's home; `tsh`: the person's tsh folder, shown by their choice. */
  home: z.enum(['own', 'tsh']),
  /** `signed-out` has no usable keys on disk; `expired` has a certificate that ran out. */
  status: z.enum(['signed-out', 'signed-in', 'expired']),
  /** Set while the cluster cannot be reached; the last known facts stay. */
  problem: errorDataSchema.nullable(),
  serverVersion: z.string().nullable(),
  edition: z.string().nullable(),
  /** UUID of the auth cluster, the key of the telemetry hashes. */
  authClusterId: z.string().nullable(),
  /** End of the certificate, milliseconds since the epoch. */
  expires: z.number().nullable(),
  roles: z.array(z.string()),
  /** SSH logins the certificate allows, Teleport's own internal principals left out. */
  logins: z.array(z.string()),
  activeRequests: z.array(z.string()),
  leaves: z.array(leafSchema),
  /** SHA-256 fingerprint (`AA:BB:…`) of a web certificate that the person chose to trust for this proxy. */
  trustedFingerprint: z.string().nullable(),
});
export type Cluster = z.infer<typeof clusterSchema>;

/** Failures that concern the cluster itself, not the single question that failed. */
export const clusterProblems: readonly ErrorCode[] = [
  'offline',
  'unreachable',
  'timeout',
  'name-not-resolved',
  'untrusted-certificate',
  'not-a-proxy',
  'wrong-port',
];

/** Whether a login can be used now. Being logged in and reaching the cluster are two separate things. */
export type ClusterStanding = 'ready' | 'unreachable' | 'expired' | 'signed-out';

export function clusterStanding({ status, expires, problem }: Pick<Cluster, 'status' | 'expires' | 'problem'>, now: number): ClusterStanding {
  if (status === 'signed-out') return 'signed-out';
  if (status === 'expired' || (expires !== null && expires <= now)) return 'expired';
  return problem && clusterProblems.includes(problem.code) ? 'unreachable' : 'ready';
}

/** A way of single sign-on. `display` is what people are shown. */
export const connectorSchema = z.object({
  type: z.enum(['oidc', 'saml', 'github']),
  name: z.string().min(1).max(500),
  display: z.string().max(1000),
});
export type Connector = z.infer<typeof connectorSchema>;

/** The ways to log in that a proxy offers. */
export const authSettingsSchema = z.object({
  address: z.string(),
  clusterName: z.string(),
  serverVersion: z.string(),
  localAuth: z.boolean(),
  secondFactor: z.enum(['off', 'otp', 'webauthn', 'on', 'optional']),
  allowPasswordless: z.boolean(),
  connectors: z.array(connectorSchema),
  defaultType: z.enum(['local', 'oidc', 'saml', 'github']),
  motd: z.string(),
  /** A sentence when this Slipway and the server are too far apart in version; null when they fit. */
  versionWarning: z.string().nullable(),
});
export type AuthSettings = z.infer<typeof authSettingsSchema>;
