import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface HomeFolders {
  /** Everything of Slipway's own: settings, state, logs, profiles. */
  home: string;
  settings: string;
  state: string;
  window: string;
  logs: string;
  telemetry: string;
  /** Local copies of remote files that are being edited. */
  editedFiles: string;
  /** File of what is gathered for access requests. */
  baskets: string;
  /** Profiles in tsh's layout that only Slipway uses. */
  ownProfiles: string;
  /** The folder that tsh itself uses. */
  tshProfiles: string;
}

/** Where things are kept below `home`. `SLIPWAY_TSH_HOME` and tsh's own `TELEPORT_HOME` move the tsh folder. */
export function homeFolders(home: string, env: NodeJS.ProcessEnv): HomeFolders {
  const root = resolve(home);
  return {
    home: root,
    settings: join(root, 'settings.json'),
    state: join(root, 'state.json'),
    window: join(root, 'window.json'),
    logs: join(root, 'logs'),
    telemetry: join(root, 'telemetry'),
    editedFiles: join(root, 'edited-files'),
    baskets: join(root, 'baskets.json'),
    ownProfiles: join(root, 'profiles'),
    tshProfiles: env.SLIPWAY_TSH_HOME || env.TELEPORT_HOME || join(homedir(), '.tsh'),
  };
}
