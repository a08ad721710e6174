import { watch } from 'node:fs';
import { systemPath } from '../file-systems/system-path.ts';

/** A folder that is written to all the time is told of once in this time, and read anew as often at most. */
const restMilliseconds = 1000;

/**
 * Calls `changed` when an entry of a folder of this computer comes, goes or changes: at once, and then at most once a second. Folders that cannot be
 * watched, as on some network disks, tell nothing. The answer ends it.
 */
export function watchFolder(path: string, changed: () => void): () => void {
  let resting: NodeJS.Timeout | undefined;
  let isDue = false;
  const tell = () => {
    if (resting) {
      isDue = true;
      return;
    }
    isDue = false;
    resting = setTimeout(() => {
      resting = undefined;
      if (isDue) tell();
    }, restMilliseconds);
    changed();
  };
  try {
    const watcher = watch(systemPath(path), tell);
    // The folder is gone: reading it anew says so.
    watcher.on('error', tell);
    return () => {
      clearTimeout(resting);
      watcher.close();
    };
  } catch {
    return () => {};
  }
}
