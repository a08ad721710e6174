import { AppError } from '../../../../shared/errors/app-error.ts';
import type { TransferRow } from '../../../../shared/model/files.ts';
import type { PartRecord } from './one-file/file-task.ts';
import { type PlanFolder, shownPath } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';
import { Speed } from './speed.ts';

type SavedField = 'items' | 'bytes' | 'skipped' | 'failures' | 'problems' | 'notes' | 'createdAt' | 'startedAt' | 'finishedAt';
export type SavedProgress = Pick<TransferRow, SavedField>;
export type ShownProgress = SavedProgress & Pick<TransferRow, 'speed' | 'secondsLeft' | 'current'>;

/** What a person reads of a list of problems; the rest is counted. The schema of the row has the same bounds. */
const mostProblems = 20;
const mostNotes = 10;

export interface ProgressOptions {
  saved: SavedProgress | null;
  /** Part files by the paths of their targets: what they hold counts as done. */
  parts: ReadonlyMap<string, PartRecord>;
  /** Called after each change. */
  changed(): void;
  now(): number;
}

/** How far a transfer is: its counts, times, problems and notes. */
export class TransferProgress {
  readonly #options: ProgressOptions;
  readonly #createdAt: number;
  readonly #speed = new Speed();
  #startedAt: number | null;
  #finishedAt: number | null;
  /** As last known while there is no plan: from the last time, or as far as was counted. */
  #known: Pick<TransferRow, 'items' | 'bytes'>;
  /** What the plan holds; null before it is made, and after the end. */
  #planned: { items: number; bytes: number } | null = null;
  /** Of the plan, moved or left out for good. */
  #settled = { items: 0, bytes: 0 };
  #movedBytes = 0;
  #movedItems = 0;
  #skipped: number;
  #failures: number;
  #problems: TransferRow['problems'];
  #notes: string[];
  #current = '';

  constructor(options: ProgressOptions) {
    const { saved, now } = options;
    this.#options = options;
    this.#known = { items: saved?.items ?? { done: 0, total: null }, bytes: saved?.bytes ?? { done: 0, total: null } };
    this.#skipped = saved?.skipped ?? 0;
    this.#failures = saved?.failures ?? 0;
    this.#problems = saved?.problems ?? [];
    this.#notes = saved?.notes ?? [];
    this.#createdAt = saved?.createdAt ?? now();
    this.#startedAt = saved?.startedAt ?? null;
    this.#finishedAt = saved?.finishedAt ?? null;
  }

  /** Bytes that were moved since the app was started. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  get wasStarted(): boolean {
    return this.#startedAt !== null;
  }

  /** The first problem, when nothing was moved and nothing skipped: then the transfer has failed. */
  get failure(): AppError | null {
    const [first] = this.#problems;
    return first && this.#movedItems === 0 && this.#skipped === 0 ? new AppError('conflict', first.message) : null;
  }

  attemptStarted(): void {
    this.#startedAt ??= this.#options.now();
    this.#speed.reset();
  }

  attemptEnded(): void {
    this.#speed.reset();
    this.#current = '';
  }

  /** Done, failed or cancelled: the counts stay as they are. */
  finish(): void {
    this.#known = this.#counts();
    this.#planned = null;
    this.#finishedAt = this.#options.now();
  }

  /** Waits or runs, perhaps again after it was finished. */
  reopen(): void {
    this.#finishedAt = null;
  }

  startCounting(): void {
    this.#settled = { items: 0, bytes: 0 };
    this.#movedItems = 0;
    this.#skipped = 0;
    this.#failures = 0;
    this.#problems = [];
    this.#known = { items: { done: 0, total: null }, bytes: { done: 0, total: null } };
  }

  counted(items: number, bytes: number): void {
    this.#known = { items: { done: 0, total: items || null }, bytes: { done: 0, total: bytes || null } };
    this.#options.changed();
  }

  planned(items: number, bytes: number): void {
    this.#planned = { items, bytes };
  }

  itemStarted({ folder, name }: PlanItem): void {
    this.#current = shownPath(folder, name);
  }

  itemMoved(item: PlanItem): void {
    this.#movedItems++;
    this.#settle(item);
  }

  itemSkipped(item: PlanItem): void {
    this.#skipped++;
    this.#settle(item);
  }

  itemFailed(item: PlanItem, error: AppError): void {
    this.problem(shownPath(item.folder, item.name), error.message);
    this.#settle(item);
  }

  folderFailed(folder: PlanFolder, error: AppError): void {
    this.problem(shownPath(folder), error.message);
  }

  bytesMoved(bytes: number): void {
    this.#movedBytes += bytes;
    this.#options.changed();
  }

  /** Something that cannot be moved, by its path below the folder of the sources. */
  problem(path: string, message: string): void {
    this.#failures++;
    if (this.#problems.length < mostProblems) this.#problems = [...this.#problems, { path, message }];
    this.#options.changed();
  }

  note(text: string): void {
    if (this.#notes.length < mostNotes && !this.#notes.includes(text)) this.#notes = [...this.#notes, text];
    this.#options.changed();
  }

  /** To be called regularly while the transfer runs, for its speed. */
  sampleSpeed(): void {
    this.#speed.note(this.#options.now(), this.#movedBytes);
  }

  row(): ShownProgress {
    const { items, bytes } = this.#counts();
    const speed = this.#speed.perSecond;
    return {
      items,
      bytes,
      speed,
      secondsLeft: speed && bytes.total !== null ? Math.ceil((bytes.total - bytes.done) / speed) : null,
      current: this.#current,
      skipped: this.#skipped,
      failures: this.#failures,
      problems: this.#problems,
      notes: this.#notes,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
    };
  }

  #settle({ size }: PlanItem): void {
    this.#settled.items++;
    this.#settled.bytes += size;
    this.#options.changed();
  }

  #counts(): Pick<TransferRow, 'items' | 'bytes'> {
    if (!this.#planned) return this.#known;
    const { items, bytes: total } = this.#planned;
    let done = this.#settled.bytes;
    for (const { prefix } of this.#options.parts.values()) done += prefix;
    // Files that grew have more bytes than were counted.
    return { items: { done: this.#settled.items, total: items }, bytes: { done: Math.min(done, total), total } };
  }
}
