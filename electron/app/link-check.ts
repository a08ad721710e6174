import { AppError } from '../../shared/errors/app-error.ts';

/**
 * The address as it may be given to the person's browser: https or http, without a user name and password, which make one host look
 * like another. Throws `invalid-argument` for anything else.
 */
export function checkLink(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new AppError('invalid-argument', 'This is not a web address that can be opened.', { cause });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new AppError('invalid-argument', `Slipway opens only web addresses (https and http), and this link is of the kind “${url.protocol}”.`);
  if (url.username || url.password)
    throw new AppError('invalid-argument', 'This link carries a user name before its host, which hides where it leads. It was not opened.');
  return url.href;
}
