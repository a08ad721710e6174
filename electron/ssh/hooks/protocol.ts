import './key-parser.ts';
import './gcm.ts';
import './constants.ts';
import keyParser from 'ssh2/lib/protocol/keyParser.js';
import Protocol from 'ssh2/lib/protocol/Protocol.js';
import utils from 'ssh2/lib/protocol/utils.js';
import { certificateSuffix, type SshCertificate } from '../certificate.ts';
import { signatureAlgorithm } from '../public-key.ts';
import type { KeyExchange, ParsedKey, Protocol as ProtocolType } from '../ssh2-internals.ts';
import { str } from '../wire-bytes.ts';

// Certificates in ssh2's protocol, both for users and for hosts. Negotiated name, type inside the blob and name inside the
// signature differ for them (ssh-and-gateways §2.4, §2.5), while ssh2 takes all three for one.

const identity = Symbol('certificate identity');
const kexOf = Symbol('key exchange');
const plainNameOf = Symbol('name inside the signature');
const verifierOf = Symbol('host verifier');

/** Signs for a login, here or elsewhere; resolves with the bare signature bytes (public-key.ts, `signRaw`). */
export type Signer = (data: Buffer, algorithm: string) => Promise<Buffer>;

interface HookedKey extends ParsedKey {
  [identity]?: { certificate: SshCertificate; sign: Signer };
}
type HookedKex = KeyExchange & { [plainNameOf]?: string };
interface HookedProtocol extends ProtocolType {
  [kexOf]?: HookedKex | undefined;
  [verifierOf]?: ProtocolType['_hostVerifier'];
}

/** Sends one SSH message. */
export function sendMessage(protocol: ProtocolType, payload: Buffer): void {
  const writer = protocol._packetRW.write;
  const start = writer.allocStart;
  const packet = writer.alloc(payload.length);
  packet.set(payload, start);
  utils.sendPacket(protocol, writer.finalize(packet));
}

/** The certificate's key, without the certificate, as ssh2 has it. */
export function plainKey(certificate: SshCertificate): ParsedKey {
  const { type, blob } = certificate.publicKey;
  const plain = keyParser.parseKey(`${type} ${blob.toString('base64')}`);
  if (plain instanceof Error) throw plain;
  return plain;
}

/** A key that ssh2's client takes for `publickey` and that logs in with the certificate. */
export function certificateKey(certificate: SshCertificate, sign: Signer): ParsedKey {
  return Object.create(plainKey(certificate), {
    type: { value: certificate.type },
    isPrivateKey: { value: () => true },
    getPublicSSH: { value: () => certificate.blob },
    [identity]: { value: { certificate, sign } },
  });
}

const authenticate = Protocol.prototype.authPK;
Protocol.prototype.authPK = function (this: ProtocolType, user, key, ...rest) {
  const own = (key as HookedKey)[identity];
  if (!own) return authenticate.call(this, user, key, ...rest);
  const { certificate, sign } = own;
  const algorithm = signatureAlgorithm(certificate.publicKey.type);
  const body = Buffer.concat([
    Buffer.from([50]),
    str(user),
    str('ssh-connection'),
    str('publickey'),
    Buffer.from([1]),
    str(algorithm + certificateSuffix),
    str(certificate.blob),
  ]);
  this._authsQueue.push('publickey');
  sign(Buffer.concat([str(this._kex!.sessionID), body]), algorithm).then(
    (signature) => sendMessage(this, Buffer.concat([body, str(Buffer.concat([str(algorithm), str(signature)]))])),
    (error: Error) => this._onError(error),
  );
};

Object.defineProperty(Protocol.prototype, '_kex', {
  configurable: true,
  get(this: HookedProtocol) {
    return this[kexOf];
  },
  set(this: HookedProtocol, kex: HookedKex | undefined) {
    this[kexOf] = kex;
    const name = kex?.negotiated.serverHostKey;
    if (!kex || !name?.endsWith(certificateSuffix)) return;
    const plainName = name.slice(0, -certificateSuffix.length);
    if (this._server) {
      this._hostKeys![plainName] = this._hostKeys![name]!;
      kex.negotiated.serverHostKey = plainName;
    } else {
      kex[plainNameOf] = plainName;
      if (plainName.startsWith('rsa-sha2-')) kex.negotiated.serverHostKey = `ssh-rsa${certificateSuffix}`;
    }
  },
});

Object.defineProperty(Protocol.prototype, '_hostVerifier', {
  configurable: true,
  get(this: HookedProtocol) {
    return this[verifierOf];
  },
  set(this: HookedProtocol, verifier: ProtocolType['_hostVerifier']) {
    if (this._server) return;
    this[verifierOf] = (blob, verified) => {
      const kex = this[kexOf];
      if (kex?.[plainNameOf]) kex.negotiated.serverHostKey = kex[plainNameOf];
      return verifier ? verifier(blob, verified) : false;
    };
  },
});
