import type { OpenRequest } from '../../shared/model/access-request.ts';

export const linkScheme = 'slipway:';

const longest = 400;
const request =
  /^slipway:\/\/cluster\/((?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]):([1-9][0-9]{0,4}))\/requests\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;

/**
 * The access request behind `slipway://cluster/<host:port>/requests/<id>`. Anybody can make such a link, so nothing but exactly this is
 * understood: no other path, no query, no escapes. Null for all else.
 */
export function parseDeepLink(text: string): OpenRequest | null {
  if (text.length > longest) return null;
  const match = request.exec(text);
  if (!match || Number(match[2]) > 65_535) return null;
  return { cluster: null, address: match[1]!.toLowerCase(), id: match[3]!.toLowerCase() };
}

/** The first link among the words of a command line. */
export function linkIn(argv: readonly string[]): string | null {
  return argv.find((word) => word.toLowerCase().startsWith(linkScheme)) ?? null;
}
