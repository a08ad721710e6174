import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConflictAnswer } from '../../../../shared/model/files.ts';
import type { FileFacts } from '../file-systems/file-system.ts';
import { numberedName } from '../file-systems/local-names.ts';
import type { ConflictQuestion } from './conflict-questions.ts';
import { type FolderContents, shownPath } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';

/** Where an item goes. */
export interface ItemTarget {
  name: string;
  /** What stands there and is replaced. */
  replace: FileFacts | null;
  /** An earlier attempt moved the item already. */
  isMoved?: boolean;
}

interface Choosing {
  /** What is in the target folder. */
  contents: FolderContents;
  /** The transfer was started before: a file with the same size and time was moved by it, unless it is half done. */
  isAgain: boolean;
  /** Whether an earlier attempt ended while it wrote over the file of that name. */
  isHalfDone(name: string): boolean;
  ask(question: ConflictQuestion): Promise<ConflictAnswer>;
}

/** Where a folder has this many copies of one name, something goes wrong again and again, and looking for a free name would take ever longer. */
const mostNumbered = 10_000;

/** Null: the item is skipped. Rejects with `conflict` when it cannot go where the answer wants it. */
export async function chooseTarget(item: PlanItem, { contents, isAgain, isHalfDone, ask }: Choosing): Promise<ItemTarget | null> {
  const { name, kind, size, modified } = item;
  const existing = await contents.find(name);
  if (!existing) return { name, replace: null };
  const isSame = existing.kind === kind && existing.size === size && secondsOf(existing.modified) === secondsOf(modified);
  if (existing.kind === kind && isHalfDone(name)) return { name, replace: existing };
  if (isAgain && isSame && kind === 'file') return { name, replace: existing, isMoved: true };
  const answer = await ask({
    path: shownPath(item.folder, name),
    source: { kind, size, modified },
    existing: { kind: existing.kind, size: existing.size, modified: existing.modified },
  });
  switch (answer) {
    case 'skip':
      return null;
    case 'newer':
      return existing.kind !== 'folder' && isNewer(modified, existing.modified) ? { name, replace: existing } : null;
    case 'overwrite':
      if (existing.kind === 'folder') throw new AppError('conflict', 'It was left out: a folder stands where the file should be.');
      return { name, replace: existing };
    case 'rename':
      return { name: await freeName(name, contents), replace: null };
  }
}

async function freeName(name: string, contents: FolderContents): Promise<string> {
  for (let number = 2; number < mostNumbered; number++) {
    const candidate = numberedName(name, number);
    if (!contents.has(candidate) && !(await contents.find(candidate))) {
      contents.add(candidate);
      return candidate;
    }
  }
  throw new AppError('conflict', `There are too many files named like ${name}.`);
}

/** False when one of the two has no time. */
function isNewer(modified: number | null, than: number | null): boolean {
  const [seconds, thanSeconds] = [secondsOf(modified), secondsOf(than)];
  return seconds !== null && thanSeconds !== null && seconds > thanSeconds;
}

/** SFTP has whole seconds only, so that is what times are compared in. */
const secondsOf = (milliseconds: number | null) => (milliseconds === null ? null : Math.floor(milliseconds / 1000));
