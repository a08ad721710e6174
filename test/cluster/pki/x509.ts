import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Identity } from './identity.ts';
import { oid } from './identity.ts';
import { hostSubject, rdn, userSubject } from './subject.ts';

const crypto = webcrypto as Crypto;
const year = 365 * 24 * 3600_000;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export interface CertificateAuthority {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly key: CryptoKey;
}

export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority as Teleport makes them: O and CN name the cluster, a serial number attribute, ten years (login-and-auth §6.1). */
export async function createAuthority(cluster: string, algorithm: 'ec' | 'rsa' = 'ec'): Promise<CertificateAuthority> {
  const pair = algorithm === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = await signingKey(pair.privateKey);
  const serial = BigInt(`0x${randomBytes(16).toString('hex')}`).toString();
  const subject = [rdn(oid.organization, [cluster]), rdn(oid.commonName, [cluster]), rdn(oid.serialNumber, [serial])] as JsonNameParams;
  const certificate = await sign({
    subject,
    issuer: subject,
    publicKey: pair.publicKey,
    key,
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 10 * year),
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new BasicConstraintsExtension(true, undefined, true),
    ],
    identifyKey: true,
  });
  return { certificate, pem: `${certificate.toString('pem')}\n`, key };
}

/** A user's client certificate. `publicKey` is PEM: PKIX, or PKCS#1 for RSA. */
export async function issueUserCertificate(
  ca: CertificateAuthority,
  identity: Identity,
  publicKey: string,
  notAfter: Date,
  now: Date,
): Promise<string> {
  const key = createPublicKey(publicKey);
  const usage = KeyUsageFlags.digitalSignature | (key.asymmetricKeyType === 'rsa' ? KeyUsageFlags.keyEncipherment : 0);
  const certificate = await sign({
    subject: userSubject(identity),
    issuer: ca.certificate.subjectName,
    publicKey: key,
    key: ca.key,
    notBefore: new Date(now.getTime() - 60_000),
    notAfter,
    extensions: [new KeyUsagesExtension(usage, true), extendedUsage()],
  });
  return `${certificate.toString('pem')}\n`;
}

/** A server's certificate under the host CA, with a fresh P-256 key. */
export async function issueHostCertificate(
  ca: CertificateAuthority,
  host: { uuid: string; cluster: string; role: string; names: readonly string[] },
): Promise<TlsIdentity> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = await sign({
    subject: hostSubject(host.uuid, host.cluster, host.role),
    issuer: ca.certificate.subjectName,
    publicKey: pair.publicKey,
    key: ca.key,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 10 * year),
    extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true), extendedUsage(), alternativeNames(host.names)],
  });
  return { cert: `${certificate.toString('pem')}\n`, key: pem(pair.privateKey) };
}

/** The self-signed certificate of the web listener. `fingerprint` is SHA-256 as `AA:BB:…`. */
export async function createWebCertificate(names: readonly string[]): Promise<TlsIdentity & { fingerprint: string }> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = [rdn('2.5.4.6', ['US']), rdn(oid.organization, [names[0]!]), rdn(oid.commonName, [names[0]!])] as JsonNameParams;
  const certificate = await sign({
    subject,
    issuer: subject,
    publicKey: pair.publicKey,
    key: await signingKey(pair.privateKey),
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + year),
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign, true),
      extendedUsage(),
      new BasicConstraintsExtension(true, undefined, true),
      alternativeNames(names),
    ],
  });
  const cert = `${certificate.toString('pem')}\n`;
  return { cert, key: pem(pair.privateKey), fingerprint: new NodeCertificate(cert).fingerprint256 };
}

async function sign(parts: {
  subject: JsonNameParams;
  issuer: JsonNameParams | Name;
  publicKey: KeyObject;
  key: CryptoKey;
  notBefore: Date;
  notAfter: Date;
  extensions: Extension[];
  identifyKey?: boolean;
}): Promise<X509Certificate> {
  const publicKey = new PublicKey(parts.publicKey.export({ type: 'spki', format: 'der' }) as Buffer<ArrayBuffer>);
  const identifier = parts.identifyKey ? [await SubjectKeyIdentifierExtension.create(publicKey, false, crypto)] : [];
  return X509CertificateGenerator.create(
    {
      serialNumber: positiveSerial(),
      subject: new Name(parts.subject),
      issuer: parts.issuer instanceof Name ? parts.issuer : new Name(parts.issuer),
      notBefore: parts.notBefore,
      notAfter: parts.notAfter,
      signingAlgorithm: parts.key.algorithm.name === ecdsa.name ? ecdsa : rsa,
      publicKey,
      signingKey: parts.key,
      extensions: [...parts.extensions, ...identifier],
    },
    crypto,
  );
}

function extendedUsage(): ExtendedKeyUsageExtension {
  return new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth], false);
}

function alternativeNames(names: readonly string[]): SubjectAlternativeNameExtension {
  const general: JsonGeneralNames = names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value }) as const);
  return new SubjectAlternativeNameExtension(general, false);
}

function positiveSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function signingKey(key: KeyObject): Promise<CryptoKey> {
  const algorithm = key.asymmetricKeyType === 'ec' ? ecdsa : rsa;
  return crypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }) as Buffer<ArrayBuffer>, algorithm, false, ['sign']);
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
