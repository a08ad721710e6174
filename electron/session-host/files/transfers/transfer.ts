import type { z } from 'zod';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConflictAnswer, ConflictPolicy, enqueueTransferSchema, TransferRow, TransferState } from '../../../../shared/model/files.ts';
import { orAborted } from '../../../lib/deadline.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { foldsCase } from '../file-systems/folds-case.ts';
import { LocalFileSystem } from '../file-systems/local-file-system.ts';
import { notThere } from '../file-systems/not-there.ts';
import type { RemoteAccess, RemoteLease } from '../file-systems/remote-access.ts';
import { type BusyTargets, thisComputer } from './busy-targets.ts';
import type { PartRecord } from './one-file/file-task.ts';
import { partName } from './part-name.ts';
import { makePlan, type Plan } from './plan/plan.ts';
import { shownPath } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';
import { Speed } from './speed.ts';
import { runPlan } from './transfer-run.ts';

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
  /** How often the app or its session process died while it ran, without a chance to say goodbye. Counts itself while it runs. */
  deaths: number;
  parts: Record<string, PartRecord>;
  row: Pick<TransferRow, 'items' | 'bytes' | 'skipped' | 'failures' | 'problems' | 'notes' | 'error' | 'createdAt' | 'startedAt' | 'finishedAt'>;
}

type Question = NonNullable<TransferRow['question']>;

const mostProblems = 20;
const mostNotes = 10;
const local = new LocalFileSystem();

/** One transfer: what is to be done, how far it is, and the doing of it. */
export class Transfer {
  readonly id: string;
  readonly spec: TransferSpec;
  state: TransferState;
  error: TransferRow['error'] = null;
  retryAt: number | null = null;
  /** Tries that failed one after the other without moving anything. */
  idleTries = 0;
  deaths: number;
  isAgain: boolean;
  readonly #now: () => number;
  readonly #busy: BusyTargets;
  readonly #changed: () => void;
  readonly #parts: Map<string, PartRecord>;
  readonly #speed = new Speed();
  #policy: ConflictPolicy;
  #plan: Plan | null = null;
  #counted = { items: 0, bytes: 0 };
  #settled = { items: 0, bytes: 0 };
  #moved = 0;
  #done = 0;
  #skipped = 0;
  #failures = 0;
  #problems: TransferRow['problems'] = [];
  #notes: string[] = [];
  #current = '';
  #questions: { question: Question; answer(answer: ConflictAnswer): void }[] = [];
  #createdAt: number;
  #startedAt: number | null = null;
  #finishedAt: number | null = null;
  #known: TransferRow['items'] & { bytes: TransferRow['bytes'] } = { done: 0, total: null, bytes: { done: 0, total: null } };
  #abort: AbortController | null = null;
  #wasStopped = false;
  #removing: Promise<void> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(saved: SavedTransfer | { id: string; spec: TransferSpec }, changed: () => void, now: () => number, busy: BusyTargets) {
    this.#busy = busy;
    this.id = saved.id;
    this.spec = saved.spec;
    this.#changed = changed;
    this.#now = now;
    const before = 'row' in saved ? saved : null;
    this.state = before?.state ?? 'queued';
    this.#policy = before?.policy ?? saved.spec.conflicts;
    this.isAgain = before?.isAgain ?? false;
    this.deaths = before?.deaths ?? 0;
    this.#parts = new Map(Object.entries(before?.parts ?? {}));
    this.#createdAt = before?.row.createdAt ?? now();
    if (!before) return;
    const { row } = before;
    this.#known = { ...row.items, bytes: row.bytes };
    this.#skipped = row.skipped;
    this.#failures = row.failures;
    this.#problems = row.problems;
    this.#notes = row.notes;
    this.error = row.error;
    this.#startedAt = row.startedAt;
    this.#finishedAt = row.finishedAt;
  }

  get host(): string {
    const { target } = this.spec;
    return `${target.cluster}/${target.leaf}/${target.node}`;
  }

  get isRunning(): boolean {
    return this.#abort !== null;
  }

  /** The last run ended because it was told to. */
  get wasStopped(): boolean {
    return this.#wasStopped;
  }

  /** Bytes that came over in this run of the app. */
  get movedBytes(): number {
    return this.#moved;
  }

  get speed(): number | null {
    return this.isRunning ? this.#speed.perSecond : null;
  }

  /** The first problem, when problems were all there was. */
  get failure(): AppError | null {
    const [first] = this.#problems;
    return first && this.#done === 0 && this.#skipped === 0 ? new AppError('conflict', first.message) : null;
  }

  sample(): void {
    this.#speed.note(this.#now(), this.#moved);
  }

  set(state: TransferState, error: AppError | null = null): void {
    this.state = state;
    this.error = error?.toData() ?? null;
    this.retryAt = null;
    const isOver = state === 'done' || state === 'failed' || state === 'cancelled';
    this.#finishedAt = isOver ? this.#now() : null;
    if (isOver) {
      this.#progress();
      this.#plan = null;
    }
    this.#changed();
  }

  /** Resolves when all of it is settled; rejects with what ended it. */
  async run(access: RemoteAccess): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#startedAt ??= this.#now();
    this.#speed.reset();
    this.set(this.#plan ? 'running' : 'counting');
    const running = this.#removing.then(() => this.#work(access, abort.signal));
    this.#running = running.catch(() => {});
    try {
      await running;
    } finally {
      if (this.#plan) this.isAgain = true;
      this.#wasStopped = abort.signal.aborted;
      this.#abort = null;
      this.#questions = [];
      this.#current = '';
      this.#changed();
    }
  }

  /** Ends the run, and waits for the end. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    await this.#running;
  }

  /** Answers the question that is shown, or all there are and will be. */
  answer(answer: ConflictAnswer, forAll: boolean): void {
    if (forAll) this.#policy = answer;
    const answered = forAll ? this.#questions.splice(0) : this.#questions.splice(0, 1);
    if (this.#questions.length === 0 && this.state === 'asking') this.state = 'running';
    for (const question of answered) question.answer(answer);
    this.#changed();
  }

  /** Removes what is half there; the next run waits for it. Needs the server for uploads: what cannot be removed is told by a note. */
  async removeParts(access: RemoteAccess, signal: AbortSignal): Promise<void> {
    const paths = [...this.#parts.keys()];
    if (paths.length === 0) return;
    this.#parts.clear();
    const removing = this.#removeParts(paths, access, signal);
    this.#removing = removing.catch(() => {
      this.#note('What had come over of unfinished files could not be removed: files whose names end in .slipway-part stay on the server.');
    });
    this.#changed();
    await removing;
  }

  async #removeParts(paths: readonly string[], access: RemoteAccess, signal: AbortSignal): Promise<void> {
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

  #note(text: string): void {
    if (this.#notes.length < mostNotes && !this.#notes.includes(text)) this.#notes = [...this.#notes, text];
    this.#changed();
  }

  row(): TransferRow {
    const { direction, target, sources, folder } = this.spec;
    const [first = ''] = sources;
    const { folder: from, name } = this.#splitSource(first);
    const progress = this.#progress();
    const { speed } = this;
    const left = progress.bytes.total === null ? null : progress.bytes.total - progress.bytes.done;
    return {
      id: this.id,
      direction,
      target,
      name: name || first,
      sources: sources.length,
      from,
      folder,
      state: this.state,
      items: { done: progress.done, total: progress.total },
      bytes: progress.bytes,
      speed,
      secondsLeft: speed && left !== null ? Math.ceil(left / speed) : null,
      current: this.#current,
      question: this.#questions[0]?.question ?? null,
      skipped: this.#skipped,
      failures: this.#failures,
      problems: this.#problems,
      notes: this.#notes,
      error: this.error,
      retryAt: this.retryAt,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
    };
  }

  saved(): SavedTransfer {
    const { items, bytes, skipped, failures, problems, notes, error, createdAt, startedAt, finishedAt } = this.row();
    return {
      id: this.id,
      spec: this.spec,
      state: this.state,
      policy: this.#policy,
      isAgain: this.isAgain || this.isRunning,
      deaths: this.deaths + (this.isRunning ? 1 : 0),
      parts: Object.fromEntries(this.#parts),
      row: { items, bytes, skipped, failures, problems, notes, error, createdAt, startedAt, finishedAt },
    };
  }

  #splitSource(path: string): { folder: string; name: string } {
    if (this.spec.direction === 'upload') return local.split(path);
    const at = path.replace(/\/+$/, '').lastIndexOf('/');
    return { folder: path.slice(0, Math.max(at, 1)), name: path.slice(at + 1).replace(/\/+$/, '') };
  }

  #progress(): TransferRow['items'] & { bytes: TransferRow['bytes'] } {
    if (this.#plan) {
      let bytes = this.#settled.bytes;
      for (const { prefix } of this.#parts.values()) bytes += prefix;
      const total = this.#plan.bytes;
      this.#known = { done: this.#settled.items, total: this.#plan.items.length, bytes: { done: Math.min(bytes, total), total } };
    } else if (this.state === 'counting')
      this.#known = { done: 0, total: this.#counted.items || null, bytes: { done: 0, total: this.#counted.bytes || null } };
    return this.#known;
  }

  async #work(access: RemoteAccess, signal: AbortSignal): Promise<void> {
    const { spec } = this;
    const lease = await access.use(spec.target, 'transfer', signal);
    try {
      const [from, to]: FileSystem[] = spec.direction === 'upload' ? [local, lease.fileSystem] : [lease.fileSystem, local];
      this.#plan ??= await this.#count(from!, to!, signal);
      if (this.state === 'counting') this.set('running');
      await this.#move(this.#plan, from!, to!, lease, signal);
    } finally {
      lease.release();
    }
  }

  async #count(from: FileSystem, to: FileSystem, signal: AbortSignal): Promise<Plan> {
    this.#counted = { items: 0, bytes: 0 };
    this.#settled = { items: 0, bytes: 0 };
    this.#problems = [];
    this.#failures = 0;
    this.#skipped = 0;
    this.#done = 0;
    const { sources, rename } = this.spec;
    const folder = await to.real(this.spec.folder);
    return makePlan({
      from,
      to,
      sources,
      folder,
      rename,
      signal,
      platform: process.platform,
      foldsCase: to.isLocal && (await foldsCase(folder)),
      problem: (path, message) => this.#problem(path, message),
      counted: (items, bytes) => {
        this.#counted = { items, bytes };
        this.#changed();
      },
    });
  }

  #move(plan: Plan, from: FileSystem, to: FileSystem, lease: RemoteLease, signal: AbortSignal): Promise<void> {
    const settle = (item: PlanItem) => {
      this.#settled.items++;
      this.#settled.bytes += item.size;
      this.#changed();
    };
    return runPlan({
      direction: this.spec.direction,
      from,
      to,
      lease,
      plan,
      signal,
      isAgain: this.isAgain,
      parts: this.#parts,
      policy: () => this.#policy,
      busy: this.#busy,
      place: to.isLocal ? thisComputer : this.host,
      ask: (question, whileAsked) => {
        const asked = new Promise<ConflictAnswer>((answer) => this.#questions.push({ question, answer }));
        this.state = 'asking';
        this.#changed();
        return orAborted(asked, whileAsked);
      },
      started: (item) => {
        this.#current = shownPath(item.folder, item.name);
      },
      moved: (bytes) => {
        this.#moved += bytes;
        this.#changed();
      },
      settled: (item, how) => {
        if (how === 'skipped') this.#skipped++;
        else this.#done++;
        settle(item);
      },
      failed: (item, error) => {
        this.#problem(shownPath(item.folder, item.name), error.message);
        settle(item);
      },
      problem: (path, message) => this.#problem(path, message),
      note: (text) => this.#note(text),
    });
  }

  #problem(path: string, message: string): void {
    this.#failures++;
    if (this.#problems.length < mostProblems) this.#problems = [...this.#problems, { path, message }];
    this.#changed();
  }
}
