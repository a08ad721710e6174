import type { AppInfo } from './connection.ts';

const patienceMs = 1000;

/**
 * Paths of the files that another program's drag left on the page. Pages are not told them: in Electron the preload tells,
 * in a browser nobody does, and the answer is null. Called while the drop is handled.
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
