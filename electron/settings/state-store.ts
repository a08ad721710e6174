import * as z from 'zod';
import { type Workspace, workspaceSchema } from '../../shared/model/workspace.ts';
import { JsonFile } from '../lib/json-file.ts';
import { salvage } from '../lib/salvage.ts';
import { migrateWorkspace } from './workspace-migration.ts';

const stateSchema = z.object({ workspace: workspaceSchema });
const emptyWorkspace: Workspace = { tabs: [], active: null };

/**
 * The tabs that are restored after a restart. A tab or pane that cannot be read is left out and the others come back; the file is then kept
 * before another one takes its place.
 */
export class StateStore {
  /** Sentences about tabs that could not be restored. */
  readonly problems: string[] = [];
  readonly #file: JsonFile<{ workspace: Workspace }>;
  #workspace: Workspace;

  constructor({ path }: { path: string }) {
    let dropped: readonly string[] = [];
    this.#file = new JsonFile({
      path,
      version: 2,
      check: (content) => {
        const salvaged = salvage(stateSchema, migrateWorkspace(content));
        if (!salvaged) throw new Error('it has no list of tabs');
        dropped = salvaged.dropped;
        return salvaged.value;
      },
      fallback: () => ({ workspace: emptyWorkspace }),
    });
    const reading = this.#file.read();
    if (reading.problem) this.problems.push(reading.problem);
    if (dropped.length > 0) {
      const kept = this.#file.keep('.broken');
      this.problems.push(`Some tabs could not be restored: ${dropped.slice(0, 5).join(', ')}. The file with them will be kept as ${kept}.`);
    }
    this.#workspace = reading.value.workspace;
  }

  get workspace(): Workspace {
    return this.#workspace;
  }

  async save(workspace: Workspace): Promise<void> {
    this.#workspace = workspace;
    await this.#file.write({ workspace });
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}
