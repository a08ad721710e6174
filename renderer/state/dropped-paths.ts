import type { AppInfo } from './connection.ts';

/** The preload answers within milliseconds; without an answer the page explains that it cannot learn the paths. */
const patienceMs = 1000;

/**
 * Paths of the files that were dropped on the page from another program. Pages cannot learn them: in Electron the preload tells
 * them, in a browser the answer is null. Call it while the drop is handled.
 */
export function droppedPaths({ host }: Pick<AppInfo, 'host'>): Promise<readonly string[] | null> {
  if (host === 'browser') return Promise.resolve(null);
  return new Promise((resolve) => {
    const finish = (paths: readonly string[] | null) => {
      clearTimeout(timer);
      window.removeEventListener('message', listener);
      resolve(paths);
    };
    const listener = ({ source, data }: MessageEvent) => {
      if (source !== window || data?.type !== 'slipway-dropped' || !Array.isArray(data.paths)) return;
      finish(data.paths.filter((path: unknown) => typeof path === 'string' && path !== ''));
    };
    const timer = setTimeout(finish, patienceMs, null);
    window.addEventListener('message', listener);
  });
}

/** Said where `droppedPaths` knows nothing. */
export const noPathsText =
  'A browser does not tell where dropped files are. Pick them in the pane of this computer instead: it shows the files of the computer that Slipway runs on.';
