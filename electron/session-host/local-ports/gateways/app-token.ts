import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Refusal, type RequestHead, valuesOf } from '../../../lib/loopback/request-origin.ts';

const parameter = 'slipway-token';
const header = 'x-slipway-token';

export const newToken = (): string => randomBytes(24).toString('base64url');

/** The address that carries the token. */
export const addressWithToken = (url: string, token: string): string => (token === '' ? url : `${url}?${parameter}=${token}`);

/**
 * Lets requests through that carry the token: in the address (`?slipway-token=…`), in a header `X-Slipway-Token`, or in the cookie that a browser got when it
 * followed such an address. The answer is the request without address parameter and header, so that the app never sees them; Slipway's cookies are taken out
 * of every request by the relay.
 */
export function admitWithToken(request: RequestHead, port: number, token: string): RequestHead | Refusal {
  const cookie = `${parameter}-${port}`;
  const { target, parameters } = split(request.target);
  const sent = [
    ...parameters,
    ...valuesOf(request, header),
    ...valuesOf(request, 'cookie')
      .flatMap((value) => value.split(';'))
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${cookie}=`))
      .map((pair) => pair.slice(cookie.length + 1)),
  ];
  if (!sent.some((value) => isSame(value, token)))
    return { status: 401, text: 'This address of Slipway wants its token. Copy the URL from the connection’s page in Slipway.\n' };
  const isBrowser = parameters.length > 0 && valuesOf(request, 'sec-fetch-mode').includes('navigate') && request.method === 'GET';
  if (!isBrowser) return { ...request, target, rawHeaders: withoutHeader(request.rawHeaders) };
  return {
    status: 302,
    text: '',
    headers: {
      // Two slashes or backslashes at the beginning would make browsers go to another host.
      Location: target.replace(/^[/\\]+/, '/'),
      'Set-Cookie': `${cookie}=${token}; Path=/; HttpOnly; SameSite=Strict`,
      'Referrer-Policy': 'no-referrer',
    },
  };
}

/** The target as it was written but without our parameter, and the values that this had. */
function split(target: string): { target: string; parameters: string[] } {
  const at = target.indexOf('?');
  if (at < 0) return { target, parameters: [] };
  const pairs = target.slice(at + 1).split('&');
  const ours = pairs.filter((pair) => pair.startsWith(`${parameter}=`));
  if (ours.length === 0) return { target, parameters: [] };
  const kept = pairs.filter((pair) => !ours.includes(pair)).join('&');
  return { target: `${target.slice(0, at)}${kept ? `?${kept}` : ''}`, parameters: ours.map((pair) => pair.slice(parameter.length + 1)) };
}

function withoutHeader(raw: readonly string[]): string[] {
  return raw.filter((_value, index) => raw[index - (index % 2)]?.toLowerCase() !== header);
}

function isSame(value: string, token: string): boolean {
  const [left, right] = [Buffer.from(value), Buffer.from(token)];
  return left.length === right.length && timingSafeEqual(left, right);
}
