import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isTemporary } from '../../lib/replace-file.ts';

export interface WatchOptions {
  folder: string;
  /** Called when something may have changed: once after a burst of changes, and at least every `maxWaitMs` while it lasts. */
  onChange: () => void;
  /**
   * Called with null when the folder is watched, or with the reason why it cannot be. In that case only the coming and going of the
   * folder is noticed.
   */
  onWatched?: (failure: unknown) => void;
  debounceMs?: number;
  /** How often to check whether the folder itself exists: it may vanish and come back. */
  pollMs?: number;
}

/** A program that writes without a pause must not keep its changes out of sight for longer. */
const maxWaitMs = 2000;

/** Watches a folder with all below it, also one that is missing or vanishes for a while. Returns the function that ends it. */
export function watchHome({ folder, onChange, onWatched, debounceMs = 200, pollMs = 1000 }: WatchOptions): () => void {
  let watcher: FSWatcher | null = null;
  let watched = '';
  let timer: NodeJS.Timeout | undefined;
  let burstStart = 0;
  let isClosed = false;

  const fire = () => {
    timer = undefined;
    onChange();
  };
  const changed = () => {
    const now = performance.now();
    if (!timer) burstStart = now;
    clearTimeout(timer);
    timer = setTimeout(fire, Math.max(0, Math.min(debounceMs, burstStart + maxWaitMs - now)));
  };
  const drop = () => {
    watcher?.close();
    watcher = null;
    watched = '';
  };
  const open = (identity: string) => {
    try {
      watcher = watch(folder, { recursive: true, persistent: false }, (_event, name) => {
        if (!name || !isTemporary(name)) changed();
      });
      watcher.on('error', (error) => {
        onWatched?.(error);
        drop();
      });
      watched = identity;
      onWatched?.(null);
    } catch (caught) {
      onWatched?.(caught);
      drop();
    }
  };
  const look = async () => {
    const identity = await stat(folder).then(
      (found) => (found.isDirectory() ? `${found.dev}:${found.ino}` : ''),
      (caught: NodeJS.ErrnoException) => {
        if (caught.code !== 'ENOENT') onWatched?.(caught);
        return '';
      },
    );
    if (isClosed || identity === watched) return;
    drop();
    if (identity) open(identity);
    changed();
  };
  const poll = setInterval(() => void look(), pollMs);
  poll.unref();
  void look();
  return () => {
    isClosed = true;
    clearInterval(poll);
    clearTimeout(timer);
    drop();
  };
}
