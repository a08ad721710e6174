import { createPrivateKey, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';

const magic = Buffer.from('openssh-key-v1\0');
const hardwareMarker = 'PIV YUBIKEY PRIVATE KEY';

interface KeyParts {
  type: string;
  /** Fields of the public blob after the type, each an SSH string. */
  publicFields: Buffer[];
  jwk: JsonWebKey;
}

/**
 * A private key in the form that OpenSSH reads from disk, unencrypted and without comment: the OpenSSH v1 container for
 * Ed25519 and ECDSA, PKCS#1 for RSA (tsh-profile §1.4, OpenSSH's PROTOCOL.key).
 */
export function sshPrivateKeyPem(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString();
  const { type, publicFields, jwk } = partsOf(key);
  const secret = field(jwk, 'd');
  const check = randomBytes(4);
  const inner = [check, check, sshString(type), ...publicFields];
  inner.push(type === 'ssh-ed25519' ? sshString(Buffer.concat([secret, field(jwk, 'x')])) : sshString(mpint(secret)), sshString(''));
  const length = inner.reduce((sum, part) => sum + part.length, 0);
  for (let pad = 1; (length + pad - 1) % 8 !== 0; pad++) inner.push(Buffer.of(pad));
  const none = sshString('none');
  const publicBlob = Buffer.concat([sshString(type), ...publicFields]);
  const container = Buffer.concat([magic, none, none, sshString(''), u32(1), sshString(publicBlob), sshString(Buffer.concat(inner))]);
  const lines = container.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** The key's public half as `type base64` with a newline and no comment: what `<U>.pub` must hold byte for byte. */
export function sshPublicLine(key: KeyObject): string {
  const { type, publicFields } = partsOf(key);
  return `${type} ${Buffer.concat([sshString(type), ...publicFields]).toString('base64')}\n`;
}

/** The public line of a private key file as profiles hold it: OpenSSH container, PKCS#1, PKCS#8 or SEC1; null when unreadable. */
export function publicLineOfKeyFile(pem: string): string | null {
  const blob = publicBlobInOpenSshKey(pem);
  if (blob) return `${readStrings(blob, 1)?.strings[0] ?? ''} ${blob.toString('base64')}\n`;
  try {
    return sshPublicLine(createPrivateKey(pem));
  } catch {
    return null;
  }
}

const field = (jwk: JsonWebKey, name: 'x' | 'y' | 'd' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url');

function partsOf(key: KeyObject): KeyParts {
  const jwk = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType === 'rsa')
    return { type: 'ssh-rsa', publicFields: [sshString(mpint(field(jwk, 'e'))), sshString(mpint(field(jwk, 'n')))], jwk };
  if (key.asymmetricKeyType === 'ed25519') return { type: 'ssh-ed25519', publicFields: [sshString(field(jwk, 'x'))], jwk };
  const curve = curves[jwk.crv ?? ''];
  if (!curve) throw new TypeError(`no OpenSSH form for a ${key.asymmetricKeyType ?? 'symmetric'} key`);
  const point = Buffer.concat([Buffer.of(4), field(jwk, 'x'), field(jwk, 'y')]);
  return { type: `ecdsa-sha2-${curve}`, publicFields: [sshString(curve), sshString(point)], jwk };
}

const curves: Readonly<Record<string, string>> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

/** Public blob that stands inside an unencrypted OpenSSH container; null for other key files and broken ones. */
function publicBlobInOpenSshKey(pem: string): Buffer | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(pem)?.[1];
  const bytes = body ? Buffer.from(body, 'base64') : null;
  if (!bytes?.subarray(0, magic.length).equals(magic)) return null;
  const fields = readStrings(bytes.subarray(magic.length), 3);
  if (!fields || fields.rest.length < 8 || fields.rest.readUInt32BE(0) !== 1) return null;
  return readStrings(fields.rest.subarray(4), 1)?.strings[0] ?? null;
}

/**
 * The public blob that a certificate line (`ssh-ed25519-cert-v01@openssh.com AAAA…`) was issued for; null when it is none.
 * Reads only the front of the certificate: type, nonce and the key's fields (PROTOCOL.certkeys).
 */
export function publicBlobInCertificate(line: string): Buffer | null {
  const [type, base64] = line.trim().split(/\s+/);
  const plain = type && /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521))-cert-v01@openssh\.com$/.exec(type)?.[1];
  if (!plain || !base64) return null;
  const fields = readStrings(Buffer.from(base64, 'base64'), plain === 'ssh-ed25519' ? 3 : 4);
  if (fields?.strings[0]?.toString() !== type) return null;
  return Buffer.concat([sshString(plain), ...fields.strings.slice(2).map((field) => sshString(field))]);
}

/** The blob of a `type base64` line; null when it is none. */
export function publicBlobInLine(line: string): Buffer | null {
  const [type, base64] = line.trim().split(/\s+/);
  const blob = base64 ? Buffer.from(base64, 'base64') : null;
  return blob && readStrings(blob, 1)?.strings[0]?.toString() === type ? blob : null;
}

/** Whether a key file only points at a hardware key and holds no private part (tsh-profile §1.4). */
export function isHardwareKey(pem: string): boolean {
  return pem.includes(`-----BEGIN ${hardwareMarker}-----`);
}

function readStrings(bytes: Buffer, count: number): { strings: Buffer[]; rest: Buffer } | null {
  const strings: Buffer[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    strings.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return { strings, rest: bytes.subarray(at) };
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u32(bytes.length), bytes]);
}

function mpint(unsigned: Buffer): Buffer {
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start++;
  const trimmed = unsigned.subarray(start);
  return (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed;
}
