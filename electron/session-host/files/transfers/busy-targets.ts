import { AppError } from '../../../../shared/errors/app-error.ts';

export const thisComputer = 'this computer';
/** Whose usual disks take names that differ only in case for one. */
const foldsCase = process.platform === 'win32' || process.platform === 'darwin';

/** The files that are being written at this moment. Two transfers that grew one part file would make it neither one's. */
export class BusyTargets {
  readonly #busy = new Set<string>();

  /** `place`: `thisComputer` or a server. Resolves as `action` does; `conflict` when the path is being written already. */
  async hold<T>(place: string, path: string, action: () => Promise<T>): Promise<T> {
    const key = `${place} ${place === thisComputer && foldsCase ? path.normalize('NFC').toLowerCase() : path}`;
    if (this.#busy.has(key)) throw new AppError('conflict', `It was left out: another transfer is writing ${path} at this moment.`);
    this.#busy.add(key);
    try {
      return await action();
    } finally {
      this.#busy.delete(key);
    }
  }
}
