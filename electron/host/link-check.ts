import { AppError } from '../../shared/errors/app-error.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address as it may be given to the person's browser: https, or http to this computer, without a name and password
 * in it (they make one host look like another). Throws `invalid-argument` for anything else.
 */
export function checkLink(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new AppError('invalid-argument', 'This is not a web address that can be opened.', { cause });
  }
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
  if (!allowed)
    throw new AppError('invalid-argument', `Slipway opens only https links (and http ones to this computer), not ${url.protocol}//${url.hostname}.`);
  if (url.username || url.password)
    throw new AppError('invalid-argument', 'This link carries a user name before its host, which hides where it leads. It was not opened.');
  return url.href;
}
