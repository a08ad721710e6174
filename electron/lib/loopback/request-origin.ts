/** The head of an HTTP request: names and values of headers in turn, as they were sent, one character for each byte. */
export interface RequestHead {
  method: string;
  target: string;
  rawHeaders: readonly string[];
}

/** The answer to a refused request. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const otherName: Refusal = {
  status: 421,
  text: 'This address of Slipway is only for 127.0.0.1 and localhost, with its own port.\n',
};
const otherPage: Refusal = { status: 403, text: 'Slipway does not let other web pages use this address.\n' };
const malformed: Refusal = { status: 400, text: 'This is no request that Slipway understands.\n' };

/**
 * Why a request to `port` on loopback is not let through; null when it may pass. It has to name this very port, against DNS rebinding. It may not come from
 * a page of another origin, a page on another port of this computer included, except that a link may be followed from anywhere.
 */
export function refuseForeign(head: RequestHead, port: number): Refusal | null {
  const hosts = valuesOf(head, 'host');
  if (hosts.length > 1) return malformed;
  const host = hosts[0]?.toLowerCase() ?? '';
  if (!isNameOf(host, port)) return otherName;
  const { method, target } = head;
  const authority = /^http:\/\/([^/?#]*)/i.exec(target)?.[1];
  if (authority !== undefined && authority.toLowerCase() !== host) return otherName;
  if (authority === undefined && !target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) return malformed;
  // Servers that read a path with two slashes as an address would stumble over it.
  if (/^\/\/[^/?#]/.test(target) && !URL.canParse(target, 'http://localhost')) return malformed;

  const sites = valuesOf(head, 'sec-fetch-site');
  const isOwnPage = sites.length === 1 && sites[0] === 'same-origin';
  const isOwnOrigin = (origin: string) => origin.toLowerCase() === `http://${host}` || (origin === 'null' && isOwnPage);
  const origins = valuesOf(head, 'origin');
  // A form of a page with the policy `no-referrer` says `null`, and only a browser can say beside it that this was the same origin.
  if (origins.length > 1 || !origins.every(isOwnOrigin)) return otherPage;
  if (sites.every((site) => site === 'same-origin' || site === 'none') || isLinkFollowed(head)) return null;
  return otherPage;
}

/** The path and query of a target, also of one in absolute form (RFC 9112 §3.2.2). */
export function pathOf(target: string): string {
  const path = target.replace(/^http:\/\/[^/?#]*/i, '');
  return path === target || path.startsWith('/') ? path : `/${path}`;
}

/** All values of a header, in the order they were sent. */
export function valuesOf({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>, name: string): string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name).map((value) => value.trim());
}

/** IPv6's loopback is not among them: somebody else may listen on the same port there. */
function isNameOf(host: string, port: number): boolean {
  return ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/** The whole tab goes there, not a frame inside another page. */
function isLinkFollowed(head: RequestHead): boolean {
  const is = (name: string, ...allowed: string[]) => valuesOf(head, name).every((value) => allowed.includes(value));
  const isNavigation = valuesOf(head, 'sec-fetch-mode').length === 1 && is('sec-fetch-mode', 'navigate');
  return isNavigation && is('sec-fetch-dest', 'document') && (head.method === 'GET' || head.method === 'HEAD');
}
