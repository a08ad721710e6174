const httpRequest = /^(?:GET|POST|PUT|HEAD|OPTIONS|DELETE|PATCH|TRACE|CONNECT) [^\r\n]* HTTP\/1/;

/** A ClientHello (RFC 8446 §5.1). */
export const looksLikeTls = (bytes: Buffer): boolean => bytes.length >= 2 && bytes[0] === 22 && bytes[1] === 3;

export const looksLikeHttp = (bytes: Buffer): boolean => httpRequest.test(bytes.toString('latin1', 0, 2048));

/** Whether a request was made by a page of somebody else, or for another name than this port's: DNS rebinding. */
export function isForeignHttp(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, 16 * 1024);
  if (!httpRequest.test(text)) return false;
  const header = (name: string) => new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, 'im').exec(text)?.[1]?.trim();
  const host = header('host');
  const origin = header('origin');
  return (host !== undefined && !isLocalHost(host)) || (origin !== undefined && !isLocalOrigin(origin));
}

/** `127.0.0.1`, `localhost` or `[::1]`, with any port. */
export const isLocalHost = (host: string): boolean => /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host);

export const isLocalOrigin = (origin: string): boolean => origin.startsWith('http://') && isLocalHost(origin.slice(7));

/** PostgreSQL's first message: a length, then the version or a request code (PostgreSQL protocol, message formats). */
export function looksLikePostgres(bytes: Buffer): boolean {
  if (bytes.length < 4) return true;
  const length = bytes.readUInt32BE(0);
  if (length < 8 || length > 64 * 1024) return false;
  return bytes.length < 6 || [3, 1234].includes(bytes.readUInt16BE(4));
}
