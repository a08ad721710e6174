import { type IncomingHttpHeaders, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import * as tls from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { systemCode } from '../../lib/system-calls.ts';
import { httpProxyFor } from '../../teleport/connect/http-proxy.ts';
import type { ProxyEnvironment } from '../../teleport/connect/proxy-from-environment.ts';
import { unknownIssuer } from '../../teleport/connect/web-roots.ts';
import { loadCodec } from '../codec.ts';
import type { StampedEvent } from '../events.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/**
 * The result of sending one event. `refused`: the collector will never take it. `retry`: try again later, not before `afterMs` if
 * the collector gave a time; `isUnwelcome` when the collector accepts nothing from here, which only a change of configuration can
 * mend. `detail` is for people and logs.
 */
export type Submission =
  | { result: 'sent' }
  | { result: 'refused'; detail: string }
  | { result: 'retry'; detail: string; afterMs?: number; isUnwelcome?: boolean };

export interface SubmitterOptions {
  /** The method's full URL. */
  url: URL;
  environment: ProxyEnvironment;
  userAgent: string;
  /** PEM roots instead of the system's. */
  ca?: string[];
  timeoutMs?: number;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An answer has no content but a short error; a collector that sends more is not read further. */
const maxAnswer = 16 * 1024;

/** Posts events to one collector: Connect protocol, unary, `application/proto`, one request each (docs/protocol/telemetry.md §2). Follows no redirect. */
export class Submitter {
  readonly #options: SubmitterOptions;
  #agent: PlainAgent | SecureAgent | null = null;

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  /** Never throws. The limit of 5 s holds for the whole exchange. */
  async submit(event: StampedEvent, signal: AbortSignal): Promise<Submission> {
    const codec = await loadCodec();
    const limit = AbortSignal.timeout(this.#options.timeoutMs ?? 5000);
    try {
      const { status, headers, body } = await this.#post(codec.encode(event), AbortSignal.any([signal, limit]));
      return judge(status, headers, body, codec.isAnswer);
    } catch (caught) {
      const why = limit.aborted ? 'the collector did not answer in time' : `the collector could not be reached (${reason(caught)})`;
      return { result: 'retry', detail: why };
    }
  }

  close(): void {
    this.#agent?.destroy();
  }

  #post(body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const { url, userAgent } = this.#options;
    this.#agent ??= agentFor(this.#options);
    const agent = this.#agent;
    return new Promise((resolve, reject) => {
      const sending = (url.protocol === 'https:' ? secureRequest : plainRequest)(
        url,
        {
          method: 'POST',
          agent,
          signal,
          maxHeaderSize: maxAnswer,
          headers: {
            'content-type': 'application/proto',
            'connect-protocol-version': '1',
            'accept-encoding': 'identity',
            'content-length': body.length,
            'user-agent': userAgent,
          },
        },
        (response) => void readAnswer(response).then(resolve, reject),
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

/** Throws an AppError when the environment names a web proxy that cannot be used. */
function agentFor({ url, environment, ca = systemRoots(), timeoutMs = 5000 }: SubmitterOptions): PlainAgent | SecureAgent {
  const common = { keepAlive: true, keepAliveMsecs: 1000, maxSockets: 1, timeout: timeoutMs };
  if (url.protocol === 'http:') return new PlainAgent(common);
  const secure = { ...common, minVersion: 'TLSv1.2' as const, ...(ca ? { ca } : {}) };
  const proxy = httpProxyFor(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 443), environment);
  return proxy ? new TunnelAgent(proxy, { ...secure, timeoutMs }) : new SecureAgent(secure);
}

/** The Connect codes by which a collector says that it will never take this event (Connect protocol, error codes). */
const hopeless = new Set(['invalid_argument', 'out_of_range', 'failed_precondition']);
const hopelessStatus = new Set([400, 413, 415, 422]);
/**
 * Statuses from 400 to 499 that are temporary: timeout, too early, too many requests. All others mean that the collector accepts
 * nothing from here.
 */
const transientStatuses = new Set([408, 425, 429]);
/** Moved permanently, not implemented, another version of HTTP. */
const permanentStatuses = new Set([301, 308, 501, 505]);
const unwelcome = (status: number) => permanentStatuses.has(status) || (status >= 400 && status < 500 && !transientStatuses.has(status));

function judge(status: number, headers: IncomingHttpHeaders, body: Buffer, isAnswer: (bytes: Uint8Array) => boolean): Submission {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim();
  if (status === 200) {
    if (type === 'application/proto' && isAnswer(body)) return { result: 'sent' };
    return { result: 'retry', detail: 'something other than a collector answered' };
  }
  const { code, message } = type === 'application/json' ? connectError(body) : { code: '', message: '' };
  const detail = `the collector answered ${status}${code && ` ${code}`}${message && `: ${message}`}`;
  if (code === '' ? hopelessStatus.has(status) : hopeless.has(code)) return { result: 'refused', detail };
  const seconds = Number(headers['retry-after']);
  const after = seconds > 0 ? { afterMs: seconds * 1000 } : {};
  if (!unwelcome(status)) return { result: 'retry', detail, ...after };
  return {
    result: 'retry',
    detail: `${detail}. It takes nothing from here, so it is asked less and less often, in the end once a day`,
    ...after,
    isUnwelcome: true,
  };
}

function connectError(body: Buffer): { code: string; message: string } {
  try {
    const { code, message }: { code?: unknown; message?: unknown } = JSON.parse(body.toString('utf8'));
    return { code: typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : '', message: typeof message === 'string' ? plain(message) : '' };
  } catch {
    return { code: '', message: '' };
  }
}

/** One line of at most 200 printable characters. */
const plain = (text: string) =>
  text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 200);

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswer) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The operating system's roots beside Node's own, where this Node can read them. */
const systemRoots = () =>
  typeof tls.getCACertificates === 'function' ? [...tls.getCACertificates('default'), ...tls.getCACertificates('system')] : undefined;

const reason = (caught: unknown) => {
  if (caught instanceof AppError) return caught.message;
  const code = systemCode(caught);
  if (code === undefined) return plain(caught instanceof Error ? caught.message : 'unknown error');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'a certificate was made for another name';
  if (unknownIssuer.test(code)) return 'a certificate is not signed by anybody this computer knows';
  // Other texts of TLS libraries do not help a person.
  return /^E[A-Z0-9_]+$/.test(code) && !/^(ERR_|EPROTO)/.test(code) ? code : 'a secure connection could not be made';
};
