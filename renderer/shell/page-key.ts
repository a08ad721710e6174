import { AppError } from '../../shared/errors/app-error.ts';
import { pageKeyPath } from '../../shared/ipc/page-key.ts';

/** Kept for other tabs and for a reload. The key is worthless once the browser host has ended. */
const storedAs = 'slipway-page-key';

/**
 * The key that this page's connections show to the browser host: given for the token behind `#` of the printed address, which works once, and kept in
 * storage that no page of another port can read. `access-denied` when there is neither.
 */
export async function pageKey(): Promise<string> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  // A used token is no secret any more, but it would only clutter the history and bookmarks.
  if (token !== null) history.replaceState(null, '', location.pathname);
  for (const shown of [token, localStorage.getItem(storedAs)]) {
    const key = shown ? await exchange(shown) : null;
    if (key === null) continue;
    localStorage.setItem(storedAs, key);
    return key;
  }
  throw new AppError('access-denied', 'Open the newest address that Slipway printed in its terminal. It works once; each browser needs a new one.');
}

async function exchange(shown: string): Promise<string | null> {
  const answer = await fetch(pageKeyPath, { method: 'POST', body: shown });
  return answer.ok ? answer.text() : null;
}
