import * as z from 'zod';
import { type Workspace, workspaceSchema } from '../../shared/model/document.ts';
import { JsonFile } from '../lib/json-file.ts';
import { salvage } from '../lib/salvage.ts';

const stateSchema = z.object({ workspace: workspaceSchema });
const emptyWorkspace: Workspace = { documents: [], active: null };

/** What is restored after a restart: the open tabs. A tab that cannot be understood is left out; the others come back. */
export class StateStore {
  /** Sentences about tabs that could not be restored. */
  readonly problems: string[] = [];
  readonly #file: JsonFile<{ workspace: Workspace }>;
  #workspace: Workspace;

  constructor({ path }: { path: string }) {
    this.#file = new JsonFile({
      path,
      version: 1,
      check: (content) => {
        const salvaged = salvage(stateSchema, content);
        if (!salvaged) throw new Error('it has no list of tabs');
        if (salvaged.dropped.length > 0) this.problems.push(`Some tabs could not be restored: ${salvaged.dropped.slice(0, 5).join(', ')}.`);
        return salvaged.value;
      },
      fallback: () => ({ workspace: emptyWorkspace }),
    });
    const reading = this.#file.read();
    if (reading.problem) this.problems.push(reading.problem);
    this.#workspace = reading.value.workspace;
  }

  get workspace(): Workspace {
    return this.#workspace;
  }

  async save(workspace: Workspace): Promise<void> {
    this.#workspace = workspace;
    await this.#file.write({ workspace });
  }

  /** Resolves when nothing is left to be written. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}
