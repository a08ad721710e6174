import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

function findRepository(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}

export const repository = findRepository();

/** The Electron that this machine can run, or null. */
export function electronExecutable(): string | null {
  const candidates = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(repository, 'node_modules/electron/dist')];
  return candidates.map((folder) => folder && join(folder, 'electron')).find((path) => path && existsSync(path)) || null;
}

export function chromiumExecutable(): string | null {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ?? null;
}

/** What the figures were measured on, in one line. */
export function describeMachine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}`;
}
