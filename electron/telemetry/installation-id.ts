import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskReason } from '../lib/disk-error.ts';
import { readPlainFile } from '../lib/read-file.ts';
import { systemCode } from '../lib/system-calls.ts';

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** A UUID has 36 characters; a longer file is not ours. */
const longestId = 100;

/** Events of one installation carry one random UUID v4, kept in `installation_id` while usage events are allowed (docs/protocol/telemetry.md §4). */
export class InstallationId {
  readonly #folder: string;
  readonly #note: (message: string) => void;

  constructor(folder: string, note: (message: string) => void) {
    this.#folder = folder;
    this.#note = note;
  }

  /** The id on disk, or a new one. An id that cannot be written is used for this run only. */
  take(): string {
    const path = this.#path;
    try {
      const text = readPlainFile(path, longestId)?.toString() ?? '';
      if (pattern.test(text)) return text;
      if (text !== '') this.#note('installation_id is damaged: a new one is made');
    } catch (caught) {
      this.#note(`installation_id could not be read: ${diskReason(caught)}`);
      return randomUUID();
    }
    const id = randomUUID();
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(path, id, { mode: 0o600 });
    } catch (caught) {
      this.#note(`installation_id could not be written: ${systemCode(caught) ?? 'unknown error'}`);
    }
    return id;
  }

  /** Throws when the file exists and cannot be deleted. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  get #path(): string {
    return join(this.#folder, 'installation_id');
  }
}
