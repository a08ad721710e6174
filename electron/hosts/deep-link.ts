import type { OpenRequest } from '../../shared/model/access-request.ts';
import { formatAddress, parseAddress } from '../teleport/connect/address.ts';

export const linkScheme = 'slipway:';

/** Room for a long host name and a request's UUID. */
const longest = 400;
const request = /^slipway:\/\/cluster\/([^/]+)\/requests\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;

/**
 * The access request behind `slipway://cluster/<address>/requests/<id>`; the address is one that the field for clusters takes, escaped or not, and without
 * a port it means 443. Anybody can make such a link, so nothing but exactly this is understood: no other path, no query, no name of a user. Null for all else.
 */
export function parseDeepLink(text: string): OpenRequest | null {
  if (text.length > longest) return null;
  const [, cluster, id] = request.exec(text) ?? [];
  const address = cluster && addressOf(unescaped(cluster));
  return address && id ? { cluster: null, address, id: id.toLowerCase() } : null;
}

/** Browsers escape what is no ASCII, and the % before the zone of an IPv6 address. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function addressOf(text: string): string | null {
  if (/[\s\p{Cc}\p{Cf}/?#@\\]/u.test(text)) return null;
  try {
    const { host, port } = parseAddress(text);
    return formatAddress(host, port ?? 443);
  } catch {
    return null;
  }
}

/** The first link among the words of a command line. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.find((word) => word.toLowerCase().startsWith(linkScheme)) ?? null;
}
