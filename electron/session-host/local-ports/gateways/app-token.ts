import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './http-relay.ts';

const parameter = 'slipway-token';

export const newToken = (): string => randomBytes(24).toString('base64url');

/** The address that carries the token. */
export const addressWithToken = (url: string, token: string): string => (token === '' ? url : `${url}?${parameter}=${token}`);

/**
 * Lets requests through that carry the token: in the address (`?slipway-token=…`), in a header `X-Slipway-Token`, or in the cookie that a browser got when it
 * followed such an address. What carried it is taken out, so that the app never sees it.
 */
export function admitWithToken(request: IncomingMessage, token: string): Refusal | null {
  const { headers, rawHeaders } = request;
  const cookie = `${parameter}-${request.socket.localPort}`;
  const url = new URL(request.url ?? '/', 'http://local');
  const inAddress = url.searchParams.get(parameter);
  const inHeader = headers['x-slipway-token'];
  const inCookie = cookies(headers.cookie).find(([name]) => name === cookie)?.[1];
  const sent = [inAddress, inHeader, inCookie].filter((value) => typeof value === 'string');
  if (!sent.some((value) => isSame(value, token)))
    return { status: 401, text: 'This address of Slipway wants its token. Copy the URL from the connection’s page in Slipway.\n' };
  if (inAddress !== null) request.url = withoutParameter(request.url ?? '/');
  takeOut(rawHeaders, cookie);
  const isBrowser = inAddress !== null && headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  if (!isBrowser) return null;
  return {
    status: 302,
    text: '',
    headers: {
      Location: request.url ?? '/',
      'Set-Cookie': `${cookie}=${token}; Path=/; HttpOnly; SameSite=Strict`,
      'Referrer-Policy': 'no-referrer',
    },
  };
}

function cookies(header = ''): [string, string][] {
  return header.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
  });
}

/** The path as it was written, also one that begins with two slashes: never an address of somebody else. */
function withoutParameter(url: string): string {
  const [path = '/', query = ''] = [url.slice(0, url.indexOf('?')), url.slice(url.indexOf('?') + 1)];
  const kept = query.split('&').filter((pair) => !pair.startsWith(`${parameter}=`));
  return `${path.replace(/^\/+/, '/')}${kept.length > 0 ? `?${kept.join('&')}` : ''}`;
}

function takeOut(raw: string[], cookie: string): void {
  for (let at = raw.length - 2; at >= 0; at -= 2) {
    const name = raw[at]!.toLowerCase();
    if (name === 'x-slipway-token') raw.splice(at, 2);
    if (name !== 'cookie') continue;
    const kept = raw[at + 1]!.split(';')
      .map((pair) => pair.trim())
      .filter((pair) => !pair.startsWith(`${cookie}=`));
    if (kept.length > 0) raw[at + 1] = kept.join('; ');
    else raw.splice(at, 2);
  }
}

function isSame(value: string, token: string): boolean {
  const [left, right] = [Buffer.from(value), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
