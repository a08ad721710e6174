import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { mpint, str, unsigned, WireError, WireReader } from './wire-bytes.ts';

/** A public key in SSH form (RFC 4253 §6.6, RFC 5656, RFC 8709) beside the same key for node:crypto. */
export interface SshPublicKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256|384|521` or `ssh-rsa`. */
  readonly type: string;
  readonly blob: Buffer;
  readonly key: KeyObject;
}

const curves: Record<string, { name: string; curve: string; bytes: number; hash: string }> = {
  'ecdsa-sha2-nistp256': { name: 'nistp256', curve: 'P-256', bytes: 32, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { name: 'nistp384', curve: 'P-384', bytes: 48, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { name: 'nistp521', curve: 'P-521', bytes: 66, hash: 'sha512' },
};
const edPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const b64 = (bytes: Buffer) => bytes.toString('base64url');

/** Reads the fields after the type string, as they stand in a key blob and inside a certificate. */
export function readPublicKey(type: string, reader: WireReader): SshPublicKey {
  if (type === 'ssh-ed25519') {
    const point = reader.string('public key');
    if (point.length !== 32) throw new WireError('public key has the wrong length');
    const key = createPublicKey({ key: Buffer.concat([edPrefix, point]), format: 'der', type: 'spki' });
    return { type, blob: Buffer.concat([str(type), str(point)]), key };
  }
  if (type === 'ssh-rsa') {
    const e = unsigned(reader.string('exponent'), 'exponent');
    const n = unsigned(reader.string('modulus'), 'modulus');
    if (e.length === 0 || e.length > 8 || n.length < 128 || n.length > 2048) throw new WireError('public key has the wrong length');
    const key = createPublicKey({ key: { kty: 'RSA', e: b64(e), n: b64(n) }, format: 'jwk' });
    return { type, blob: Buffer.concat([str(type), mpint(e), mpint(n)]), key };
  }
  const curve = Object.hasOwn(curves, type) ? curves[type] : undefined;
  if (!curve) throw new WireError('public key is of an unknown type');
  if (reader.text('curve') !== curve.name) throw new WireError('public key is on another curve than its type says');
  const point = reader.string('public key');
  if (point.length !== 1 + 2 * curve.bytes || point[0] !== 4) throw new WireError('public key has the wrong length');
  const jwk = { kty: 'EC', crv: curve.curve, x: b64(point.subarray(1, 1 + curve.bytes)), y: b64(point.subarray(1 + curve.bytes)) };
  try {
    return { type, blob: Buffer.concat([str(type), str(curve.name), str(point)]), key: createPublicKey({ key: jwk, format: 'jwk' }) };
  } catch (cause) {
    throw new WireError('public key is not a point of its curve', { cause });
  }
}

export function parsePublicKey(blob: Uint8Array): SshPublicKey {
  const reader = new WireReader(blob);
  const key = readPublicKey(reader.text('key type'), reader);
  reader.end('public key');
  return key;
}

/** The key of a line as in authorized_keys: `type base64 comment`, with or without options such as `cert-authority` before it. */
export function parsePublicKeyLine(line: string): SshPublicKey {
  const match = /(?:^|\s)((?:ssh|ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/=]+)/.exec(line.slice(0, 65536));
  if (!match) throw new WireError('key line has no key');
  const [, type, base64 = ''] = match;
  const key = parsePublicKey(Buffer.from(base64, 'base64'));
  if (key.type !== type) throw new WireError('key line names another type than its key');
  return key;
}

export const publicKeyLine = (key: SshPublicKey, comment = ''): string => `${key.type} ${key.blob.toString('base64')}${comment && ` ${comment}`}`;

/** The SSH form of the public half of `key`. */
export function toSshPublicKey(key: KeyObject): SshPublicKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const jwk = publicKey.export({ format: 'jwk' });
  const part = (value: string | undefined) => Buffer.from(value ?? '', 'base64url');
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return parsePublicKey(Buffer.concat([str('ssh-ed25519'), str(part(jwk.x))]));
  if (jwk.kty === 'RSA') return parsePublicKey(Buffer.concat([str('ssh-rsa'), mpint(part(jwk.e)), mpint(part(jwk.n))]));
  const found = Object.entries(curves).find(([, curve]) => jwk.kty === 'EC' && curve.curve === jwk.crv);
  if (!found) throw new WireError('key is of a type SSH has no form for');
  return parsePublicKey(Buffer.concat([str(found[0]), str(found[1].name), str(Buffer.concat([Buffer.from([4]), part(jwk.x), part(jwk.y)]))]));
}

const rsaHashes: Record<string, string> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

/** The algorithm a key signs with: its type, and SHA-512 for RSA (RFC 8332). */
export const signatureAlgorithm = (type: string): string => (type === 'ssh-rsa' ? 'rsa-sha2-512' : type);

/** The bare signature bytes: 64 for Ed25519, two mpints for ECDSA, PKCS#1 v1.5 for RSA. */
export function signRaw(key: KeyObject, data: Uint8Array, algorithm: string): Buffer {
  if (algorithm === 'ssh-ed25519') return sign(null, data, key);
  const curve = curves[algorithm];
  if (!curve) return sign(rsaHashes[algorithm] ?? 'sha512', data, key);
  const pair = sign(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([mpint(pair.subarray(0, curve.bytes)), mpint(pair.subarray(curve.bytes))]);
}

/** A signature blob: algorithm name and bytes. */
export const signSsh = (key: KeyObject, data: Uint8Array, algorithm: string): Buffer =>
  Buffer.concat([str(algorithm), str(signRaw(key, data, algorithm))]);

/** Whether `signature` (a blob) is one by `key` over `data`. SHA-1 RSA signatures (`ssh-rsa`) never are. */
export function verifySsh(key: SshPublicKey, data: Uint8Array, signature: Uint8Array): boolean {
  const reader = new WireReader(signature);
  const algorithm = reader.text('signature type');
  const raw = reader.string('signature');
  reader.end('signature');
  if (key.type === 'ssh-rsa') {
    const hash = Object.hasOwn(rsaHashes, algorithm) ? rsaHashes[algorithm] : undefined;
    return hash !== undefined && verify(hash, data, key.key, raw);
  }
  if (algorithm !== key.type) return false;
  const curve = curves[key.type];
  if (!curve) return verify(null, data, key.key, raw);
  const pair = new WireReader(raw);
  const halves = [unsigned(pair.string('r'), 'r'), unsigned(pair.string('s'), 's')];
  pair.end('signature');
  if (halves.some((half) => half.length > curve.bytes)) return false;
  const fixed = Buffer.concat(halves.map((half) => Buffer.concat([Buffer.alloc(curve.bytes - half.length), half])));
  return verify(curve.hash, data, { key: key.key, dsaEncoding: 'ieee-p1363' }, fixed);
}
