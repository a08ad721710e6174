import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';
import { AppError } from '../../../shared/errors/app-error.ts';

/** What a user's TLS certificate says about them (login-and-auth §6.1). Times are milliseconds since the epoch. */
export interface UserCertificate {
  readonly user: string;
  /** The cluster that issued it; names the ALPN and SNI of auth connections. */
  readonly cluster: string;
  readonly roles: readonly string[];
  /** SSH logins, Teleport's internal principals left out. */
  readonly logins: readonly string[];
  readonly validFrom: number;
  readonly expires: number;
  /** Ids of the access requests that are in force. */
  readonly activeRequests: readonly string[];
  /** `/cluster/kind/name` of each resource the certificate is limited to; empty when it is not. */
  readonly allowedResources: readonly string[];
  /** Id of the device that gave the second factor; empty when there was none. */
  readonly mfaVerified: string;
  readonly privateKeyPolicy: string;
  /** Id of the trusted device; empty without device trust. */
  readonly deviceId: string;
  readonly pinnedIp: string;
  /** ARNs of the AWS roles that the person may take. */
  readonly awsRoles: readonly string[];
}

const oid = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  locality: '2.5.4.7',
  cluster: '1.3.9999.1.7',
  mfaVerified: '1.3.9999.1.8',
  awsRoles: '1.3.9999.1.12',
  privateKeyPolicy: '1.3.9999.1.15',
  activeRequests: '1.3.9999.2.8',
  allowedResources: '1.3.9999.2.10',
  pinnedIp: '1.3.9999.2.15',
  deviceId: '1.3.9999.3.1',
};
/** A user's certificate with hundreds of roles has some kilobytes; nothing larger is parsed. */
const maxSize = 256 * 1024;

/** Reads the first certificate of a PEM text. `bad-response` when there is none, or it is no Teleport user certificate. */
export function parseUserCertificate(pem: string): UserCertificate {
  const certificate = read(pem);
  const subject = certificate.subjectName;
  const all = (id: string) => subject.getField(id);
  const one = (id: string) => all(id)[0] ?? '';
  const user = one(oid.commonName);
  const cluster = certificate.issuerName.getField(oid.commonName)[0] ?? one(oid.cluster);
  const validFrom = certificate.notBefore.getTime();
  const expires = certificate.notAfter.getTime();
  if (user === '' || cluster === '' || Number.isNaN(validFrom) || Number.isNaN(expires)) throw unreadable();
  return {
    user,
    cluster,
    roles: all(oid.organization),
    logins: all(oid.locality).filter((login) => !login.startsWith('-teleport-')),
    validFrom,
    expires,
    activeRequests: all(oid.activeRequests),
    allowedResources: stringList(one(oid.allowedResources)),
    mfaVerified: one(oid.mfaVerified),
    privateKeyPolicy: one(oid.privateKeyPolicy),
    deviceId: one(oid.deviceId),
    pinnedIp: one(oid.pinnedIp),
    awsRoles: all(oid.awsRoles),
  };
}

/** Common name of the subject of the first certificate in a PEM text; empty when there is none or it cannot be read. */
export function commonNameOf(pem: string): string {
  try {
    return read(pem).subjectName.getField(oid.commonName)[0] ?? '';
  } catch {
    return '';
  }
}

/** Each certificate of a PEM bundle by itself. */
export function splitPem(bundle: string): string[] {
  return bundle.slice(0, 8 * 1024 * 1024).match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}

function read(pem: string): X509Certificate {
  const first = pem.length <= maxSize ? splitPem(pem)[0] : undefined;
  if (!first) throw unreadable();
  try {
    return new X509Certificate(first);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function stringList(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

function unreadable(cause?: unknown): AppError {
  return new AppError('bad-response', 'A certificate of this login could not be read. Log in again to get a new one.', { cause });
}
