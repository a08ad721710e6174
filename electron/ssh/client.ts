import { AppError } from '../../shared/errors/app-error.ts';
import { abortReason, deadline } from '../lib/deadline.ts';
import { forever, parseCertificateLine, type SshCertificate } from './certificate.ts';
import { connectError } from './client-errors.ts';
import { SshConnection } from './connection.ts';
import { ciphers, hostCertificateAlgorithms } from './hooks/constants.ts';
import { certificateKey, type Signer } from './hooks/protocol.ts';
import { verifyHost } from './host-verification.ts';
import { loadPrivateKey } from './private-key.ts';
import { parsePublicKeyLine, signRaw } from './public-key.ts';
import { Client } from './ssh2.ts';
import type { Transport } from './transport.ts';

export interface SshConnectOptions {
  sock: Transport;
  login: string;
  /** The user's certificate and the function that signs with its key. */
  identity: SshIdentity;
  /** authorized_keys lines of the authorities for host certificates. */
  hostCas: readonly string[];
  /** The name that was dialled; it must be among the host certificate's principals. */
  hostPrincipal: string;
  /**
   * The error to reject with when the server wants a second factor beside the key. Without it, this is reported like any refused
   * login.
   */
  proofRefusal?: AppError;
  now?: () => number;
  /** Milliseconds for key exchange and login together, and for each channel's opening. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface SshIdentity {
  readonly certificate: SshCertificate;
  readonly sign: Signer;
}

/** An identity from a certificate line and a private key in PEM. Throws an AppError when either cannot be read. */
export function sshIdentity(certificateText: string, privateKey: string): SshIdentity {
  const key = loadPrivateKey(privateKey);
  try {
    return { certificate: parseCertificateLine(certificateText), sign: async (data, algorithm) => signRaw(key, data, algorithm) };
  } catch (cause) {
    throw new AppError('invalid-credentials', 'The SSH certificate of this login cannot be read. Log out and log in again.', { cause });
  }
}

const tooLate = () => new AppError('timeout', 'The server did not finish the login in time. It may be overloaded, or the network slow.');

const algorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'],
  serverHostKey: hostCertificateAlgorithms,
  cipher: ciphers,
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

/**
 * Connects and logs in over `sock`. Rejects with an AppError: `host-key`, `login-refused`, `proofRefusal`, `expired`,
 * `timeout`, `closed` … and destroys the socket then.
 */
export async function connectSsh(options: SshConnectOptions): Promise<SshConnection> {
  const { sock, login, identity, proofRefusal, now = Date.now, timeoutMs = 30_000 } = options;
  const { validBefore } = identity.certificate;
  if (validBefore !== forever && BigInt(Math.floor(now() / 1000)) >= validBefore) {
    sock.destroy();
    throw new AppError('expired', 'Your login has expired. Log in again to go on.');
  }
  const authorities = options.hostCas.flatMap((line) => {
    try {
      return [parsePublicKeyLine(line)];
    } catch {
      return [];
    }
  });
  const client = new Client();
  let hostProblem: AppError | null = null;
  let needsMore = false;
  const hostVerifier = (blob: Buffer): boolean => {
    hostProblem = verifyHost(blob, { authorities, principal: options.hostPrincipal, now });
    return hostProblem === null;
  };
  const authHandler = (left: string[] | null, partial: boolean | null) => {
    needsMore = partial === true;
    return left === null && { type: 'publickey', username: login, key: certificateKey(identity.certificate, identity.sign) };
  };

  return new Promise((resolve, reject) => {
    const fail = (error: AppError) => {
      settled();
      client.on('error', () => {});
      sock.destroy();
      reject(error);
    };
    const failed = (error: Error) => {
      if (hostProblem) return fail(hostProblem);
      fail(needsMore && proofRefusal ? proofRefusal : connectError(error, login));
    };
    const closed = () => failed(Object.assign(new Error('Connection lost'), { level: 'client-socket' }));
    const limit = deadline(options.signal, timeoutMs, tooLate);
    const aborted = () => fail(abortReason(limit.signal));
    const settled = () => {
      limit.done();
      limit.signal.removeEventListener('abort', aborted);
      client.removeAllListeners();
    };
    if (limit.signal.aborted) return aborted();
    limit.signal.addEventListener('abort', aborted);
    client.once('error', failed);
    client.once('close', closed);
    client.once('ready', () => {
      settled();
      resolve(new SshConnection(client, sock, { login, timeoutMs, now }));
    });
    client.connect({
      sock,
      username: login,
      ident: 'Slipway',
      readyTimeout: 0,
      keepaliveInterval: 30_000,
      keepaliveCountMax: 3,
      algorithms,
      hostVerifier,
      authHandler,
    });
  });
}
