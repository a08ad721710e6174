import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, randomFillSync } from 'node:crypto';
import crypto, { type CipherConfig, type DecipherConfig } from 'ssh2/lib/protocol/crypto.js';
import { own } from '../../../shared/lib/memory.ts';

// AES-GCM packets (RFC 5647, as OpenSSH names it) with two buffers fewer for each than ssh2 itself takes, and the rest free to be given back: in
// Electron new memory costs a large transfer more time than its encryption.

const blockLength = 16;
const tagLength = 16;
const leastPadding = 4;
/** RFC 4253 §6.1; as in ssh2. */
const longestPacket = 35_000;

const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** The last 8 bytes count packets (RFC 5647 §7.1). */
function countUp(iv: Buffer): void {
  iv.writeBigUInt64BE(BigInt.asUintN(64, iv.readBigUInt64BE(4) + 1n), 4);
}

class GcmCipher {
  outSeqno: number;
  readonly #config: CipherConfig;
  readonly #iv: Buffer;
  #isFree = false;

  constructor(config: CipherConfig) {
    this.#config = config;
    this.#iv = Buffer.from(config.cipherIV);
    this.outSeqno = config.seqno;
  }

  free(): void {
    this.#isFree = true;
  }

  /** Memory for one packet, reused for the next: ssh2 fills and encrypts each packet at once, and queues a copy. */
  allocPacket(payloadLength: number): Buffer {
    const unpadded = 1 + payloadLength;
    const padding = blockLength - (unpadded % blockLength);
    const length = unpadded + (padding < leastPadding ? padding + blockLength : padding);
    const packet = 4 + length > scratch.length ? Buffer.allocUnsafe(4 + length) : scratch.subarray(0, 4 + length);
    packet.writeUInt32BE(length, 0);
    packet[4] = length - unpadded;
    randomFillSync(packet, 5 + payloadLength, length - unpadded);
    return packet;
  }

  encrypt(packet: Buffer): void {
    if (this.#isFree) return;
    const { cipherInfo, cipherKey, onWrite } = this.#config;
    const cipher = createCipheriv(cipherInfo.sslName, cipherKey, this.#iv) as CipherGCM;
    const length = Buffer.from(packet.subarray(0, 4));
    cipher.setAAD(length);
    const encrypted = own(cipher.update(packet.subarray(4)));
    cipher.final();
    countUp(this.#iv);
    this.outSeqno = (this.outSeqno + 1) >>> 0;
    onWrite(length);
    onWrite(encrypted);
    onWrite(cipher.getAuthTag());
  }
}

class GcmDecipher {
  inSeqno: number;
  /** The key exchange replaces this callback for a while. */
  _onPayload: DecipherConfig['onPayload'];
  readonly #config: DecipherConfig;
  readonly #iv: Buffer;
  /** The beginning of a packet of which the rest has not arrived. */
  readonly #begun = Buffer.allocUnsafeSlow(longestPacket + tagLength);
  #have = 0;

  constructor(config: DecipherConfig) {
    this.#config = config;
    this.#iv = Buffer.from(config.decipherIV);
    this.inSeqno = config.seqno;
    this._onPayload = config.onPayload;
  }

  free(): void {}

  /**
   * Decrypts the bytes from `start` to `end`; returns where it stopped when the receiver of a payload asks for that. Throws on
   * impossible lengths and on packets that were changed on the way.
   */
  decrypt(data: Buffer, start: number, end: number): number | undefined {
    for (let at = start; at < end; ) {
      let packet: Buffer;
      const whole = this.#have === 0 && end - at >= 4 ? wholeLength(data, at) : 0;
      if (whole > 0 && at + whole <= end) {
        packet = data.subarray(at, at + whole);
        at += whole;
      } else {
        at = this.#gather(data, at, end);
        if (this.#have < 4 || this.#have < wholeLength(this.#begun, 0)) continue;
        packet = this.#begun.subarray(0, this.#have);
        this.#have = 0;
      }
      const answer = this._onPayload(this.#open(packet));
      if (answer !== undefined) return answer === false ? at : answer;
    }
    return undefined;
  }

  /** Copies up to the end of the length, then up to the end of the packet. */
  #gather(data: Buffer, at: number, end: number): number {
    const wanted = this.#have < 4 ? 4 : wholeLength(this.#begun, 0);
    const to = Math.min(end, at + wanted - this.#have);
    data.copy(this.#begun, this.#have, at, to);
    this.#have += to - at;
    return to;
  }

  #open(packet: Buffer): Buffer {
    const { decipherInfo, decipherKey } = this.#config;
    const decipher = createDecipheriv(decipherInfo.sslName, decipherKey, this.#iv) as DecipherGCM;
    decipher.setAAD(packet.subarray(0, 4));
    decipher.setAuthTag(packet.subarray(-tagLength));
    const plain = own(decipher.update(packet.subarray(4, -tagLength)));
    decipher.final();
    countUp(this.#iv);
    this.inSeqno = (this.inSeqno + 1) >>> 0;
    const end = plain.length - plain[0]!;
    if (end < 1) throw new Error('Bad padding length');
    return plain.subarray(1, end);
  }
}

/** The length of a packet whose length field is at `at`, with that field and the tag. */
function wholeLength(data: Buffer, at: number): number {
  const length = data.readUInt32BE(at);
  if (length < blockLength || length % blockLength !== 0 || length + 4 + tagLength > longestPacket) throw new Error('Bad packet length');
  return 4 + length + tagLength;
}

const { createCipher, createDecipher } = crypto;
const isGcm = ({ sslName }: { sslName: string }) => sslName === 'aes-128-gcm' || sslName === 'aes-256-gcm';
crypto.createCipher = (config) => (isGcm(config.outbound.cipherInfo) ? new GcmCipher(config.outbound) : createCipher(config));
crypto.createDecipher = (config) => (isGcm(config.inbound.decipherInfo) ? new GcmDecipher(config.inbound) : createDecipher(config));
