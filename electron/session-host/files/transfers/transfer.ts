import type { z } from 'zod';
import type { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConflictAnswer, ConflictPolicy, enqueueTransferSchema, TransferRow, TransferState } from '../../../../shared/model/files.ts';
import { orAborted } from '../../../lib/deadline.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { foldsCase } from '../file-systems/folds-case.ts';
import { LocalFileSystem } from '../file-systems/local-file-system.ts';
import { notThere } from '../file-systems/not-there.ts';
import { posixPath } from '../file-systems/posix-path.ts';
import type { RemoteAccess } from '../file-systems/remote-access.ts';
import type { BusyTargets } from './busy-targets.ts';
import { ConflictQuestions } from './conflict-questions.ts';
import type { PartRecord } from './one-file/file-task.ts';
import { partName } from './part-name.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { type SavedProgress, TransferProgress } from './transfer-progress.ts';
import { TransferRun } from './transfer-run.ts';

export type TransferSpec = z.output<typeof enqueueTransferSchema>;

/** A transfer as it is kept over a restart. */
export interface SavedTransfer {
  id: string;
  spec: TransferSpec;
  state: TransferState;
  /** As it is by now, after answers for all. */
  policy: ConflictPolicy;
  /** It was started before: what it moved already stays. */
  isAgain: boolean;
  /** How often the app or its session process died while it ran. A running transfer counts itself, in case that this is the last time it is saved. */
  deaths: number;
  parts: Record<string, PartRecord>;
  row: SavedProgress & Pick<TransferRow, 'error'>;
}

export interface TransferOptions {
  busy: BusyTargets;
  /** Called when the row may be another one. */
  changed(): void;
  now(): number;
}

const local = new LocalFileSystem();

/**
 * One transfer of the queue: its state, the questions to the person, and the plan and part files that later attempts go on with. An attempt counts what is
 * to be moved if that was not done before (`makePlan`), and then moves it (`TransferRun`); how far it is stands in `progress`.
 */
export class Transfer {
  readonly id: string;
  readonly spec: TransferSpec;
  readonly progress: TransferProgress;
  error: TransferRow['error'];
  retryAt: number | null = null;
  /** Attempts that failed one after the other without moving anything. */
  idleTries = 0;
  deaths: number;
  readonly #options: TransferOptions;
  readonly #questions: ConflictQuestions;
  /** Part files by the paths of their targets. */
  readonly #parts: Map<string, PartRecord>;
  #state: TransferState;
  #isAgain: boolean;
  /** Of everything that is to be moved; null until it was counted, and after the end. */
  #plan: Plan | null = null;
  /** Set during an attempt. */
  #abort: AbortController | null = null;
  #wasStopped = false;
  #removing: Promise<void> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(given: SavedTransfer | { id: string; spec: TransferSpec }, options: TransferOptions) {
    const { changed, now } = options;
    const saved = 'row' in given ? given : null;
    this.id = given.id;
    this.spec = given.spec;
    this.error = saved?.row.error ?? null;
    this.deaths = saved?.deaths ?? 0;
    this.#options = options;
    this.#state = saved?.state ?? 'queued';
    this.#isAgain = saved?.isAgain ?? false;
    this.#parts = new Map(Object.entries(saved?.parts ?? {}));
    this.#questions = new ConflictQuestions(saved?.policy ?? given.spec.conflicts, changed);
    this.progress = new TransferProgress({ saved: saved?.row ?? null, parts: this.#parts, changed, now });
  }

  get state(): TransferState {
    return this.#state === 'running' && this.#questions.current ? 'asking' : this.#state;
  }

  /** Done, failed or cancelled. */
  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'failed' || this.#state === 'cancelled';
  }

  /** Names the server among others. */
  get host(): string {
    const { cluster, leaf, node } = this.spec.target;
    return `${cluster}/${leaf}/${node}`;
  }

  get isRunning(): boolean {
    return this.#abort !== null;
  }

  /** The last attempt was ended by `stop`. */
  get wasStopped(): boolean {
    return this.#wasStopped;
  }

  setState(state: TransferState, error: AppError | null = null): void {
    this.#state = state;
    this.error = error?.toData() ?? null;
    this.retryAt = null;
    if (this.isOver) {
      this.progress.finish();
      this.#plan = null;
    } else this.progress.reopen();
    this.#options.changed();
  }

  /** One attempt. Resolves when everything was moved, skipped or noted as a problem; rejects with what ended it. */
  async run(access: RemoteAccess): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.progress.attemptStarted();
    this.setState(this.#plan ? 'running' : 'counting');
    const running = this.#removing.then(() => this.#attempt(access, abort.signal));
    this.#running = running.catch(() => {});
    try {
      await running;
    } finally {
      if (this.#plan) this.#isAgain = true;
      this.#wasStopped = abort.signal.aborted;
      this.#abort = null;
      this.#questions.clear();
      this.progress.attemptEnded();
      this.#options.changed();
    }
  }

  /** Ends the attempt. Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    await this.#running;
  }

  /** Answers the question that is shown; with `forAll` all of them, and those to come. */
  answer(answer: ConflictAnswer, forAll: boolean): void {
    this.#questions.answer(answer, forAll);
  }

  /** Removes the part files; the next attempt waits for it. Uploads need the server for that: when it fails, a note says so. */
  async removeParts(access: RemoteAccess, signal: AbortSignal): Promise<void> {
    const paths = [...this.#parts.keys()];
    if (paths.length === 0) return;
    this.#parts.clear();
    const removing = this.#removePartsOf(paths, access, signal);
    this.#removing = removing.catch(() => {
      this.progress.note('What had come over of unfinished files could not be removed: files whose names end in .slipway-part stay on the server.');
    });
    this.#options.changed();
    await removing;
  }

  row(): TransferRow {
    const { direction, target, sources, folder } = this.spec;
    const [first = ''] = sources;
    const source = direction === 'upload' ? local.split(first) : posixPath.split(first);
    return {
      id: this.id,
      direction,
      target,
      name: source.name || first,
      sources: sources.length,
      from: source.folder,
      folder,
      state: this.state,
      question: this.#questions.current,
      error: this.error,
      retryAt: this.retryAt,
      ...this.progress.row(),
    };
  }

  saved(): SavedTransfer {
    const { items, bytes, skipped, failures, problems, notes, createdAt, startedAt, finishedAt } = this.progress.row();
    return {
      id: this.id,
      spec: this.spec,
      state: this.state,
      policy: this.#questions.policy,
      isAgain: this.#isAgain || this.isRunning,
      deaths: this.deaths + (this.isRunning ? 1 : 0),
      parts: Object.fromEntries(this.#parts),
      row: { items, bytes, skipped, failures, problems, notes, error: this.error, createdAt, startedAt, finishedAt },
    };
  }

  async #attempt(access: RemoteAccess, signal: AbortSignal): Promise<void> {
    const { direction, target } = this.spec;
    const lease = await access.use(target, 'transfer', signal);
    try {
      const [from, to] = direction === 'upload' ? ([local, lease.fileSystem] as const) : ([lease.fileSystem, local] as const);
      this.#plan ??= await this.#count(from, to, signal);
      if (this.#state === 'counting') this.setState('running');
      const run = new TransferRun({
        plan: this.#plan,
        from,
        to,
        lease,
        host: this.host,
        busy: this.#options.busy,
        isAgain: this.#isAgain,
        progress: this.progress,
        questions: this.#questions,
        parts: this.#parts,
        signal,
      });
      await run.run();
    } finally {
      lease.release();
    }
  }

  async #count(from: FileSystem, to: FileSystem, signal: AbortSignal): Promise<Plan> {
    const { progress } = this;
    progress.startCounting();
    const folder = await to.real(this.spec.folder);
    const plan = await makePlan({
      from,
      to,
      sources: this.spec.sources,
      folder,
      rename: this.spec.rename,
      signal,
      platform: process.platform,
      foldsCase: to.isLocal && (await foldsCase(folder)),
      problem: (path, message) => progress.problem(path, message),
      counted: (items, bytes) => progress.counted(items, bytes),
    });
    progress.planned(plan.items.length, plan.bytes);
    return plan;
  }

  async #removePartsOf(paths: readonly string[], access: RemoteAccess, signal: AbortSignal): Promise<void> {
    const remove = (fileSystem: FileSystem) =>
      Promise.all(
        paths.map((path) => {
          const { folder, name } = fileSystem.split(path);
          return fileSystem.removeFile(fileSystem.join(folder, partName(name))).catch(notThere);
        }),
      );
    if (this.spec.direction === 'download') return void (await remove(local));
    const lease = await access.use(this.spec.target, 'transfer', signal);
    try {
      await orAborted(remove(lease.fileSystem), signal);
    } finally {
      lease.release();
    }
  }
}
