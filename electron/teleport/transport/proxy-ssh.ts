/*
 * A byte stream to a server through the Teleport proxy: the gRPC method ProxySSH of its TransportService, over HTTP/2.
 * `ProxySshPool` shares one HTTP/2 connection per proxy and certificate, `proxy-ssh-frames.ts` writes and reads the few gRPC bytes
 * around each payload in place (a gRPC library would copy every byte twice), and `ProxySshStream` is the Duplex on which SSH runs.
 */
import type { IncomingHttpHeaders } from 'node:http2';
import { AppError } from '../../../shared/errors/app-error.ts';
import { abortReason, deadline } from '../../lib/deadline.ts';
import { dialError } from './proxy-ssh-errors.ts';
import { encodeDialTarget } from './proxy-ssh-frames.ts';
import type { ProxySshPool, ProxySshTarget } from './proxy-ssh-pool.ts';
import { ProxySshStream } from './proxy-ssh-stream.ts';

export interface ProxySshOptions {
  /** Answers ssh-agent requests of a proxy that records sessions. Called once, with the function that sends answers. */
  agent?: (answer: (bytes: Uint8Array) => void) => { receive(bytes: Uint8Array): void };
  signal?: AbortSignal;
  /** Milliseconds until the proxy must have reached the server. */
  timeoutMs?: number;
}

/**
 * A byte stream to the server in `target.dial`, through TransportService.ProxySSH (ssh-and-gateways §1). Resolves when the proxy
 * has reached it; rejects with an AppError: `not-found`, `node-offline`, `access-denied`, `expired`, `timeout` …
 * A stream that the proxy ends with a status is destroyed with such an error.
 */
export async function openProxySsh(target: ProxySshTarget, pool: ProxySshPool, options: ProxySshOptions = {}): Promise<ProxySshStream> {
  const { signal, timeoutMs = 30_000 } = options;
  signal?.throwIfAborted();
  const { value: connection, release, retire } = await pool.lease(target, signal);
  try {
    return await open();
  } catch (error) {
    release();
    throw error;
  }

  function open(): Promise<ProxySshStream> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (connection.http2.closed || connection.http2.destroyed) throw connection.failure() ?? closedEarly();
      const call = connection.http2.request({
        ':method': 'POST',
        ':path': '/teleport.transport.v1.TransportService/ProxySSH',
        'content-type': 'application/grpc',
        te: 'trailers',
        'user-agent': 'slipway',
      });
      let headers: IncomingHttpHeaders = {};
      let isOpen = false;
      call.on('response', (received) => {
        headers = received;
      });
      call.on('trailers', (received) => {
        headers = { ...headers, ...received };
      });
      const outcome = () => outcomeOf(headers, connection.failure(), isOpen);
      const agent = options.agent?.((bytes) => stream.writeAgent(bytes));
      const stream = new ProxySshStream(call, {
        outcome,
        onDetails() {
          if (isOpen) return;
          isOpen = true;
          settle();
          resolve(stream);
        },
        onAgent: (payload) => agent?.receive(payload),
        onEnd() {
          release();
          fail(outcome() ?? closedEarly());
        },
      });
      const fail = (error: Error) => {
        settle();
        reject(error);
      };
      const abandon = (error: AppError) => {
        fail(error);
        stream.destroy();
      };
      const limit = deadline(signal, timeoutMs, () => {
        retire();
        return new AppError('timeout', 'The cluster did not reach the server in time. Try again in a moment.');
      });
      const aborted = () => abandon(abortReason(limit.signal));
      const settle = () => {
        limit.done();
        limit.signal.removeEventListener('abort', aborted);
      };
      // Stays for the stream's life, because an error may come before the caller listens.
      stream.on('error', fail);
      limit.signal.addEventListener('abort', aborted);
      call.write(encodeDialTarget(target.dial.hostPort, target.dial.cluster));
    });
  }
}

const closedEarly = () => new AppError('closed', 'The cluster closed the connection before it reached the server. Try again.');

/** Why a call is over; null for a stream that both sides have ended. */
function outcomeOf(headers: IncomingHttpHeaders, failure: AppError | null, isOpen: boolean): AppError | null {
  const status = headers['grpc-status'];
  if (status !== undefined && Number(status) === 0 && isOpen) return null;
  if (status !== undefined && Number(status) !== 0) return dialError(Number(status), String(headers['grpc-message'] ?? ''));
  if (failure && (!isOpen || failure.code === 'expired')) return failure;
  if (isOpen) return new AppError('closed', 'The connection to the cluster was lost. Reconnect to go on.', { cause: failure });
  const text = 'The cluster did not answer as a Teleport proxy does. Something between here and there may change the traffic.';
  return new AppError('bad-response', text, { details: { status: Number(headers[':status'] ?? 0) } });
}
