export type LinkDecision =
  | { kind: 'refuse'; reason: string }
  /** `warning` is a sentence about what looks wrong with the link; then known hosts are asked about too. */
  | { kind: 'ask'; url: string; host: string; warning: string | null }
  | { kind: 'open'; url: string };

const longest = 8192;

/** This computer, where a page needs no encryption. */
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a link in a terminal's output may be opened: only web addresses, as main checks again, and only after a question
 * for hosts not opened before, for pages without encryption and for what looks wrong. `shown` is the text on screen, which a program may choose freely (OSC 8).
 */
export function decideLink(target: string, shown: string, isKnown: (host: string) => boolean): LinkDecision {
  const url = target.length <= longest && URL.canParse(target) ? new URL(target) : null;
  if (!url) return { kind: 'refuse', reason: 'This is not a complete web address.' };
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { kind: 'refuse', reason: `Slipway opens only web addresses, and this link is of the kind “${url.protocol}”.` };
  if (url.username !== '' || url.password !== '')
    return { kind: 'refuse', reason: `The part before the @ is a user name, which hides that the link leads to ${url.host}.` };
  const warning = linkWarning(url, shown);
  if (warning === null && isKnown(url.host)) return { kind: 'open', url: url.href };
  return { kind: 'ask', url: url.href, host: url.host, warning };
}

function linkWarning(url: URL, shown: string): string | null {
  const named = hostInText(shown);
  if (named !== null && named !== url.host) return `The text on screen says ${named}, but the link leads to ${url.host}.`;
  if (/(^|\.)xn--/.test(url.hostname)) return `The name holds characters of other alphabets, which can look like another site. In full: ${url.host}.`;
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    return 'The page is not encrypted (http): anybody on the way can read it, and change what it shows.';
  return null;
}

/** The host that a text claims to be a link to, or null when it does not look like one. */
function hostInText(shown: string): string | null {
  const text = shown.trim();
  if (/^https?:\/\//i.test(text)) return URL.canParse(text) ? new URL(text).host : null;
  const bare = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?=$|[/:?#])/u.exec(text)?.[0];
  return bare && URL.canParse(`https://${bare}`) ? new URL(`https://${bare}`).host : null;
}
