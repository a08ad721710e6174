import { STATUS_CODES } from 'node:http';
import { type RequestHead, valuesOf } from '../../../lib/loopback/request-origin.ts';

/** Headers that apply to one connection only (RFC 9110 §7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'trailer', 'transfer-encoding', 'upgrade']);
/** Requests by these methods have no body unless a header says so (RFC 9110 §8.6). */
const withoutBody = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

/** Whether the body has an encoding that a relay does not pass on: any but `chunked`. */
export const isEncoded = (raw: readonly string[]): boolean =>
  valuesOf({ rawHeaders: raw }, 'transfer-encoding').some((value) => value.toLowerCase() !== 'chunked');

/** Headers of a request for the other connection, in order and as they were written. */
export function forTarget({ method, rawHeaders }: RequestHead, hasBody: boolean): string[] {
  const kept = endToEnd(withoutOwnCookies(rawHeaders));
  if (valuesOf({ rawHeaders }, 'transfer-encoding').length > 0) return [...kept, 'Transfer-Encoding', 'chunked'];
  const saysLength = valuesOf({ rawHeaders }, 'content-length').length > 0;
  return hasBody || saysLength || withoutBody.has(method) ? kept : [...kept, 'Content-Length', '0'];
}

/** Headers of an answer for the program; node:http adds how its body is sent. */
export const forProgram = (raw: readonly string[]): string[] => endToEnd(raw);

/** Cookies that Slipway sets on its own ports. Browsers send them to every port of this computer, and nobody behind a cluster may see them. */
export function withoutOwnCookies(raw: readonly string[]): string[] {
  return pairs(raw).flatMap(([name, value]) => {
    if (name.toLowerCase() !== 'cookie') return [name, value];
    const cookies = value.split(';');
    const kept = cookies.filter((cookie) => !cookie.trim().toLowerCase().startsWith('slipway-'));
    if (kept.length === cookies.length) return [name, value];
    return kept.length > 0 ? [name, kept.join(';').trim()] : [];
  });
}

/** A head as bytes. */
export const headBytes = (firstLine: string, raw: readonly string[]): Buffer =>
  Buffer.from(
    `${firstLine}\r\n${pairs(raw)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
    'latin1',
  );

export interface OwnAnswer {
  status: number;
  type: string;
  body: string;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Headers of an answer that Slipway itself gives. The connection ends with it. */
export const ownHeaders = ({ type, body, headers = {} }: OwnAnswer): Record<string, string> => ({
  ...headers,
  'Content-Type': type,
  'Content-Length': `${Buffer.byteLength(body)}`,
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
});

/** Such an answer as bytes. */
export const ownAnswerBytes = (answer: OwnAnswer): Buffer =>
  Buffer.concat([
    headBytes(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Refused'}`, Object.entries(ownHeaders(answer)).flat()),
    Buffer.from(answer.body),
  ]);

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2]!, raw[index * 2 + 1]!]);
}

function endToEnd(raw: readonly string[]): string[] {
  const named = valuesOf({ rawHeaders: raw }, 'connection').flatMap((value) => value.split(',').map((word) => word.trim().toLowerCase()));
  const kept = pairs(raw).filter(([name]) => {
    const lower = name.toLowerCase();
    return lower === 'te' || (!hopByHop.has(lower) && !named.includes(lower));
  });
  // After a Content-Length, node:http would read this header's bytes as UTF-8 and write different ones.
  const isFile = ([name]: [string, string]) => name.toLowerCase() === 'content-disposition';
  return [...kept.filter(isFile), ...kept.filter((pair) => !isFile(pair))].flat();
}
