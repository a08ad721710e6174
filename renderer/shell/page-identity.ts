import type { SessionHostContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { PageIdentity } from '../state/connection.ts';

/** Storage of this page alone, which is there after a reload and after a crash. */
const storedAs = 'slipway-page-secret';
/** A session host that starts at this moment has nothing of this page. */
const patienceMs = 3000;

/**
 * Who this page is. One that is loaded anew is the same as before, and its programs go on; every other has a secret of its own, also the copy that a
 * browser makes of a tab together with its storage.
 */
export async function pageIdentity(session: Pick<Client<SessionHostContract>, 'call'>): Promise<PageIdentity> {
  const stored = isReload() ? sessionStorage.getItem(storedAs) : null;
  const secret = stored ?? newSecret();
  sessionStorage.setItem(storedAs, secret);
  const running =
    stored === null ? [] : await session.call('terminals.kept', { page: secret }, { signal: AbortSignal.timeout(patienceMs) }).catch(() => []);
  return { secret, running: new Set(running) };
}

function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation !== undefined && 'type' in navigation && navigation.type === 'reload';
}

const newSecret = () => crypto.randomUUID() + crypto.randomUUID();
