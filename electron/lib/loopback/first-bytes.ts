import type { RequestHead } from './request-origin.ts';

/** Longest head of a request that is judged; common servers accept less. A longer one cannot be judged and counts as foreign. */
export const longestHead = 64 * 1024;

/** The verdict on a connection by its first bytes: it may pass, more bytes are needed, or it is refused with a sentence. */
export type Verdict = 'pass' | 'more' | { refuse: string };

/** Judges the first bytes of a connection. `isAll`: no more will be shown, so that the answer is not `more`. */
export type Judge = (first: Buffer, isAll: boolean) => Verdict;

/**
 * Holds the bytes of one connection back until they are judged. Each call hands in the next bytes, or null at their end; the answer is what may go on now
 * (null: nothing yet), or the refusal. Once they pass, all that follows passes as it is.
 */
export function inspector(judge: Judge): (next: Buffer | null) => Buffer | null | { refuse: string } {
  let held: Buffer | null = Buffer.alloc(0);
  return (next) => {
    if (held === null) return next;
    if (next) held = held.length === 0 ? next : Buffer.concat([held, next]);
    if (held.length === 0) return null;
    const verdict = judge(held, next === null || held.length >= longestHead);
    if (verdict === 'more') return null;
    const all = held;
    held = null;
    return verdict === 'pass' ? all : verdict;
  };
}

const token = "[\\w!#$%&'*+.^`|~-]+";
const requestStart = new RegExp(`^${token} (?:/|http://)`, 'i');
const requestLine = new RegExp(`^(${token}) (.*) HTTP/\\d(?:\\.\\d)?$`);
const knownMethods = ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'CONNECT'];

/**
 * Whether a connection begins as a request over HTTP does: a method, a space, a path. Browsers send that much at once whatever the method is called; the
 * usual methods are waited for also where they come in pieces.
 */
export function startsAsHttp(first: Buffer): boolean | 'more' {
  const space = first.indexOf(' ');
  if (space < 0) return knownMethods.some((method) => method.startsWith(first.toString('latin1'))) ? 'more' : false;
  const text = first.toString('latin1', 0, space + 1 + 'http://'.length);
  if (requestStart.test(text)) return true;
  return knownMethods.some((method) => `${method} http://`.startsWith(text)) ? 'more' : false;
}

/** The head that a connection begins with; null when its first line is no request's, `broken` when what follows is no head. */
export function readHead(bytes: Buffer): RequestHead | 'more' | 'broken' | null {
  const first = bytes.subarray(0, longestHead);
  const lineEnd = first.indexOf('\n');
  if (lineEnd < 0) return 'more';
  const [, method, target] = requestLine.exec(first.toString('latin1', 0, lineEnd).replace(/\r$/, '')) ?? [];
  if (method === undefined || target === undefined) return null;
  const blank = ['\n\r\n', '\n\n'].map((end) => first.indexOf(end, lineEnd)).filter((at) => at >= 0);
  if (blank.length === 0) return 'more';
  const lines = first.toString('latin1', lineEnd + 1, Math.min(...blank)).split('\n');
  const rawHeaders: string[] = [];
  for (const line of lines.filter((text) => text !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1 || /[^\x21-\x7e]/.test(line.slice(0, colon))) return 'broken';
    rawHeaders.push(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { method, target, rawHeaders };
}

/** The beginning of HTTP/2 without TLS (RFC 9113 §3.4). */
export const startsAsHttp2 = (first: Buffer): boolean => first.toString('latin1', 0, 12) === 'PRI * HTTP/2';

/** A ClientHello (RFC 8446 §5.1). */
export function looksLikeTls(first: Buffer): boolean | 'more' {
  return first[0] === 22 && (first.length < 2 ? 'more' : first[1] === 3);
}

/** PostgreSQL's first message: a length, then the version or a request code (PostgreSQL protocol, message formats). */
export function looksLikePostgres(first: Buffer): boolean | 'more' {
  if (first.length < 6) return 'more';
  const length = first.readUInt32BE(0);
  return length >= 8 && length <= 64 * 1024 && [3, 1234].includes(first.readUInt16BE(4));
}
