import type { SshCertificate } from './certificate.ts';
import type { Signer } from './hooks/protocol.ts';
import { str, u32, WireReader } from './wire-bytes.ts';

/** OpenSSH's agent has the same limit. */
const largestMessage = 256 * 1024;
/** Requests that may wait for their answers; programs send one at a time. */
const mostWaiting = 100;
const [failure, listKeys, keys, signRequest, signature] = [5, 11, 12, 13, 14] as const;
const methods = ['publickey', 'publickey-hostbound-v00@openssh.com'];
const rsaAlgorithms: Record<number, string> = { 2: 'rsa-sha2-256', 4: 'rsa-sha2-512' };

export interface AgentIdentity {
  readonly certificate: SshCertificate;
  readonly sign: Signer;
}

/**
 * An ssh-agent (draft-miller-ssh-agent) in memory that holds certificates: one for proxies that record sessions and log in
 * to the server themselves (ssh-and-gateways §4.3), or all of the person's for their own programs. It signs logins with these and nothing else.
 */
export class SshAgent {
  readonly #identities: () => readonly AgentIdentity[];
  readonly #answer: (message: Buffer) => void;
  #pieces: Uint8Array[] = [];
  #have = 0;
  /** Bytes needed for the next step: the length of a message, then all of it. */
  #wanted = 4;
  #waiting = 0;
  #queue: Promise<void> = Promise.resolve();

  /** `identities` is called at each request, so its result may change. */
  constructor(identities: () => readonly AgentIdentity[], answer: (message: Buffer) => void) {
    this.#identities = identities;
    this.#answer = answer;
  }

  /** Takes bytes in any slicing and answers in order. Throws when a message is larger than an agent takes, or there are too many of them. */
  receive(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#have += bytes.length;
    while (this.#have >= this.#wanted) {
      const all = Buffer.concat(this.#pieces);
      const length = all.readUInt32BE();
      if (length === 0 || length > largestMessage) throw new Error('the proxy sent a message that no agent takes');
      const isWhole = all.length >= 4 + length;
      const rest = isWhole ? all.subarray(4 + length) : all;
      this.#pieces = [rest];
      this.#have = rest.length;
      this.#wanted = isWhole ? 4 : 4 + length;
      if (!isWhole) continue;
      if (this.#waiting >= mostWaiting) throw new Error('the proxy asks more than an agent can answer');
      this.#waiting++;
      this.#queue = this.#queue.then(async () => {
        this.#answer(str(await this.#answerTo(all.subarray(4, 4 + length))));
        this.#waiting--;
      });
    }
  }

  async #answerTo(message: Buffer): Promise<Buffer> {
    try {
      if (message[0] === listKeys) {
        const all = this.#identities();
        return Buffer.concat([
          Buffer.from([keys]),
          u32(all.length),
          ...all.flatMap(({ certificate }) => [str(certificate.blob), str(certificate.keyId)]),
        ]);
      }
      if (message[0] === signRequest) return Buffer.concat([Buffer.from([signature]), str(await this.#signed(new WireReader(message.subarray(1))))]);
    } catch {
      // The protocol has no reason in a refusal.
    }
    return Buffer.from([failure]);
  }

  async #signed(request: WireReader): Promise<Buffer> {
    const blob = request.string('key');
    const data = request.string('data');
    const flags = request.u32('flags');
    const identity = this.#identities().find(({ certificate }) => blob.equals(certificate.blob));
    const type = identity?.certificate.publicKey.type;
    const algorithm = type === 'ssh-rsa' ? rsaAlgorithms[flags & 6] : type;
    if (!identity || !algorithm || !isLogin(data, blob)) throw new Error('refused');
    return Buffer.concat([str(algorithm), str(await identity.sign(data, algorithm))]);
  }
}

/** Whether `data` is what RFC 4252 §7 signs for a login with the key, or OpenSSH's form of it that also names the host's key. */
function isLogin(data: Buffer, key: Buffer): boolean {
  const reader = new WireReader(data);
  reader.string('session');
  const head =
    reader.byte() === 50 && reader.text('user') !== '' && reader.text('service') === 'ssh-connection' && methods.includes(reader.text('method'));
  return head && reader.byte() === 1 && reader.text('algorithm') !== '' && reader.string('key').equals(key);
}
