import { type KeyObject, randomBytes } from 'node:crypto';
import { parsePublicKey, readPublicKey, type SshPublicKey, signatureAlgorithm, signSsh, toSshPublicKey, verifySsh } from './public-key.ts';
import { str, u32, u64, WireError, WireReader } from './wire-bytes.ts';

export const certificateSuffix = '-cert-v01@openssh.com';
/** "For ever" in a certificate's end of validity. */
export const forever = 2n ** 64n - 1n;
/** OpenSSH's own limit for a packet; a certificate larger than that could not be sent anyway. */
const largest = 256 * 1024;

/** An OpenSSH certificate (PROTOCOL.certkeys; ssh-and-gateways §2.5). Times are seconds since 1970. */
export interface SshCertificate {
  readonly blob: Buffer;
  /** For example `ssh-ed25519-cert-v01@openssh.com`, as the blob has it. */
  readonly type: string;
  /** The key that the certificate is about. */
  readonly publicKey: SshPublicKey;
  readonly serial: bigint;
  readonly kind: 'user' | 'host';
  readonly keyId: string;
  readonly principals: readonly string[];
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly criticalOptions: ReadonlyMap<string, string>;
  readonly extensions: ReadonlyMap<string, string>;
  readonly authority: SshPublicKey;
  /** The bytes that the authority signed, and its signature. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Throws a WireError for anything but one whole certificate. Does not say whether to trust it. */
export function parseCertificate(bytes: Uint8Array): SshCertificate {
  if (bytes.length > largest) throw new WireError('certificate is too large');
  const blob = Buffer.from(bytes);
  const reader = new WireReader(blob);
  const type = reader.text('certificate type');
  if (!type.endsWith(certificateSuffix)) throw new WireError('key is not a certificate');
  reader.string('nonce');
  const publicKey = readPublicKey(type.slice(0, -certificateSuffix.length), reader);
  const serial = reader.u64('serial');
  const kind = reader.u32('certificate kind');
  if (kind !== 1 && kind !== 2) throw new WireError('certificate is neither for users nor for hosts');
  const keyId = reader.text('key id');
  const principals = readList(reader.string('principals'));
  const validAfter = reader.u64('start of validity');
  const validBefore = reader.u64('end of validity');
  const criticalOptions = readOptions(reader.string('critical options'), 'critical options');
  const extensions = readOptions(reader.string('extensions'), 'extensions');
  reader.string('reserved');
  const authority = parsePublicKey(reader.string('authority'));
  const signed = blob.subarray(0, reader.position);
  const signature = reader.string('signature');
  reader.end('certificate');
  return {
    ...{ blob, type, publicKey, serial, kind: kind === 1 ? 'user' : 'host', keyId, principals, validAfter, validBefore },
    ...{ criticalOptions, extensions, authority, signed, signature },
  };
}

/** The certificate in a line as `ssh-keygen` writes it: `type base64 comment`. */
export function parseCertificateLine(line: string): SshCertificate {
  const match = /^\s*(\S+-cert-v01@openssh\.com)\s+([A-Za-z0-9+/=]+)/.exec(line);
  if (!match) throw new WireError('line is not a certificate');
  const [, type, base64 = ''] = match;
  const certificate = parseCertificate(Buffer.from(base64, 'base64'));
  if (certificate.type !== type) throw new WireError('line names another type than its certificate');
  return certificate;
}

export const certificateLine = (certificate: SshCertificate, comment = ''): string =>
  `${certificate.type} ${certificate.blob.toString('base64')}${comment && ` ${comment}`}`;

function readList(bytes: Buffer): string[] {
  const reader = new WireReader(bytes);
  const list: string[] = [];
  while (reader.left > 0) list.push(reader.text('principal'));
  return list;
}

/** Values are wrapped strings. A value that is not wrapped is kept unchanged, since unknown extensions may hold anything. */
function readOptions(bytes: Buffer, what: string): Map<string, string> {
  const reader = new WireReader(bytes);
  const options = new Map<string, string>();
  while (reader.left > 0) {
    const name = reader.text(what);
    const value = reader.string(what);
    if (options.has(name)) throw new WireError(`${what} repeat a name`);
    const wrapped = value.length >= 4 && value.readUInt32BE() === value.length - 4;
    options.set(name, (wrapped ? value.subarray(4) : value).toString('utf8'));
  }
  return options;
}

export type CertificateProblem =
  | 'kind'
  | 'authority'
  | 'signature'
  | 'not-yet-valid'
  | 'expired'
  | 'critical-option'
  | 'no-principals'
  | 'principal'
  | 'weak-key';

export interface CertificateCheck {
  kind: 'user' | 'host';
  /** Key blobs of the authorities that may have signed it. */
  authorities: readonly SshPublicKey[];
  /** The name that must stand among the principals. */
  principal: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Critical options that the caller enforces itself; any other makes the certificate invalid. */
  criticalOptions?: readonly string[];
}

/** The first reason not to accept `certificate`, or null. The holder's possession of the key is checked elsewhere. */
export function checkCertificate(certificate: SshCertificate, check: CertificateCheck): CertificateProblem | null {
  if (certificate.kind !== check.kind) return 'kind';
  if (!check.authorities.some(({ blob }) => blob.equals(certificate.authority.blob))) return 'authority';
  if (isWeak(certificate.authority) || isWeak(certificate.publicKey)) return 'weak-key';
  if (!isSignedByAuthority(certificate)) return 'signature';
  const now = BigInt(Math.floor(check.now / 1000));
  if (now < certificate.validAfter) return 'not-yet-valid';
  if (now >= certificate.validBefore && certificate.validBefore !== forever) return 'expired';
  if ([...certificate.criticalOptions.keys()].some((name) => !check.criticalOptions?.includes(name))) return 'critical-option';
  if (certificate.principals.length === 0) return 'no-principals';
  return certificate.principals.includes(check.principal) ? null : 'principal';
}

const isWeak = ({ key }: SshPublicKey) => key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048;

function isSignedByAuthority({ authority, signed, signature }: SshCertificate): boolean {
  try {
    return verifySsh(authority, signed, signature);
  } catch {
    return false;
  }
}

export interface CertificateFields {
  publicKey: SshPublicKey;
  kind: 'user' | 'host';
  keyId?: string;
  serial?: bigint;
  principals: readonly string[];
  /** Seconds since 1970. */
  validAfter: bigint;
  validBefore?: bigint;
  criticalOptions?: Readonly<Record<string, string>>;
  extensions?: Readonly<Record<string, string>>;
}

/** Mints a certificate signed by `authority`, a private key of any of the supported types. Options are written sorted, as they must be. */
export function signCertificate(fields: CertificateFields, authority: KeyObject): SshCertificate {
  const { publicKey } = fields;
  const options = (values: Readonly<Record<string, string>> = {}) =>
    Buffer.concat(
      Object.entries(values)
        .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .flatMap(([name, value]) => [str(name), str(value === '' ? '' : str(value))]),
    );
  const signer = toSshPublicKey(authority);
  const signed = Buffer.concat([
    str(publicKey.type + certificateSuffix),
    str(randomBytes(32)),
    publicKey.blob.subarray(4 + publicKey.type.length),
    u64(fields.serial ?? 0n),
    u32(fields.kind === 'user' ? 1 : 2),
    str(fields.keyId ?? ''),
    str(Buffer.concat(fields.principals.map(str))),
    u64(fields.validAfter),
    u64(fields.validBefore ?? forever),
    str(options(fields.criticalOptions)),
    str(options(fields.extensions)),
    str(''),
    str(signer.blob),
  ]);
  return parseCertificate(Buffer.concat([signed, str(signSsh(authority, signed, signatureAlgorithm(signer.type)))]));
}
