import { randomUUID } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { Topic } from '../../../../shared/ipc/server.ts';
import type { ConflictAnswer, TransferAction, TransferRow, Transfers } from '../../../../shared/model/files.ts';
import { settledWithin } from '../../../lib/deadline.ts';
import type { JsonFile } from '../../../lib/json-file.ts';
import type { RemoteAccess } from '../file-systems/remote-access.ts';
import { BatchTotals } from './batch-totals.ts';
import { BusyTargets } from './busy-targets.ts';
import { mostFinished, queueFile, type SavedQueue } from './saved-queue.ts';
import { type SavedTransfer, Transfer, type TransferSpec } from './transfer.ts';

export interface TransferQueueOptions {
  /** Where the queue is kept; null keeps it in memory only. */
  folder: string | null;
  access: RemoteAccess;
  /** A person's transfer was started for the first time. */
  started(spec: TransferSpec): void;
  failed(what: string, error: AppError): void;
  now?: () => number;
}

const publishMilliseconds = 250;
const saveMilliseconds = 500;
const atATime = 8;
/** Once may be chance; a transfer that ends the process each time would take every terminal with it at each start. */
const mostDeaths = 2;
/** Finished transfers are kept as long as they name no more sources than this together. */
const mostFinishedSources = 100_000;
/** For a server or disk that does not answer, before what waits for it goes on without. */
const patience = 3000;
const longestRetry = 60_000;
const retryMilliseconds = [1000, 2000, 5000, 10_000, 20_000, 30_000, longestRetry];
/** Errors of the way to the server, which may be over in a moment. */
const passing = new Set(['closed', 'timeout', 'unreachable', 'offline', 'node-offline', 'name-not-resolved', 'rate-limited']);

/** All transfers, in the order in which they are started, over restarts of the app. */
export class TransferQueue {
  readonly topic: Topic<Transfers>;
  readonly #options: TransferQueueOptions;
  readonly #now: () => number;
  readonly #file: JsonFile<SavedQueue> | null;
  readonly #dirty = new Set<string>();
  readonly #busy = new BusyTargets();
  readonly #totals = new BatchTotals();
  #transfers = new Map<string, Transfer>();
  #strange: unknown[] = [];
  #perHost = 2;
  #problem: string | null = null;
  #isOrderChanged = false;
  #published = 0;
  #publishing: NodeJS.Timeout | undefined;
  #saving: NodeJS.Timeout | undefined;
  #waking: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: TransferQueueOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#file = options.folder === null ? null : queueFile(options.folder);
    this.#load();
    this.topic = new Topic(this.#value({}, null));
    // After whoever made this had a chance to listen.
    setImmediate(() => this.#schedule());
  }

  enqueue(spec: TransferSpec): { id: string } {
    const transfer = this.#add({ id: randomUUID(), spec });
    this.#touch(transfer);
    this.#saveAtOnce();
    this.#schedule();
    return { id: transfer.id };
  }

  async act(ids: readonly string[], action: TransferAction): Promise<void> {
    const chosen = ids.flatMap((id) => this.#transfers.get(id) ?? []);
    await Promise.all(chosen.map((transfer) => this.#act(transfer, action)));
    this.#schedule();
    this.#saveSoon();
  }

  /** Before `before`, or to the end. */
  move(ids: readonly string[], before: string | null): void {
    const moving = new Set(ids);
    const rest = [...this.#transfers.keys()].filter((id) => !moving.has(id));
    const at = before === null || !rest.includes(before) ? rest.length : rest.indexOf(before);
    const order = [...rest.slice(0, at), ...ids.filter((id) => this.#transfers.has(id)), ...rest.slice(at)];
    this.#transfers = new Map(order.map((id) => [id, this.#transfers.get(id)!]));
    this.#isOrderChanged = true;
    this.#publishSoon();
    this.#schedule();
    this.#saveSoon();
  }

  answer(id: string, answer: ConflictAnswer, forAll: boolean): void {
    this.#transfers.get(id)?.answer(answer, forAll);
  }

  limit(perHost: number): void {
    this.#perHost = perHost;
    this.#isOrderChanged = true;
    this.#publishSoon();
    this.#schedule();
    this.#saveSoon();
  }

  /** Stops everything; what was half done goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#publishing);
    clearTimeout(this.#saving);
    clearTimeout(this.#waking);
    await settledWithin(Promise.all([...this.#transfers.values()].map((transfer) => transfer.stop())), patience);
    await this.#write();
  }

  async #act(transfer: Transfer, action: TransferAction): Promise<void> {
    const { state } = transfer;
    const isOver = state === 'done' || state === 'failed' || state === 'cancelled';
    switch (action) {
      case 'pause':
        if (isOver || state === 'paused') return;
        transfer.setState('paused');
        return settledWithin(transfer.stop(), patience);
      case 'resume':
        if (state !== 'paused') return;
        transfer.deaths = 0;
        transfer.setState('queued');
        return;
      case 'retry':
        if (state === 'failed' || state === 'cancelled' || state === 'waiting') {
          transfer.idleTries = 0;
          transfer.setState('queued');
        }
        return;
      case 'cancel':
        if (state === 'done' || state === 'cancelled') return;
        transfer.setState('cancelled');
        return settledWithin(
          transfer.stop().then(() => this.#removeParts(transfer)),
          patience,
        );
      case 'remove':
        if (!isOver) return;
        void this.#removeParts(transfer);
        this.#transfers.delete(transfer.id);
        this.#isOrderChanged = true;
        this.#publishSoon();
    }
  }

  async #removeParts(transfer: Transfer): Promise<void> {
    await transfer.removeParts(this.#options.access, AbortSignal.timeout(10_000)).catch((error: unknown) => {
      this.#options.failed('removing part files', AppError.from(error));
    });
  }

  #add(saved: SavedTransfer | { id: string; spec: TransferSpec }): Transfer {
    const transfer: Transfer = new Transfer(saved, { busy: this.#busy, changed: () => this.#touch(transfer), now: this.#now });
    this.#transfers.set(transfer.id, transfer);
    return transfer;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#waking);
    let wake = Number.POSITIVE_INFINITY;
    const running = new Map<string, number>();
    let all = 0;
    for (const transfer of this.#transfers.values()) {
      if (!transfer.isRunning) continue;
      all++;
      running.set(transfer.host, (running.get(transfer.host) ?? 0) + 1);
    }
    for (const transfer of this.#transfers.values()) {
      if (transfer.isRunning || (transfer.state !== 'queued' && transfer.state !== 'waiting')) continue;
      // Further off than any wait is long: the clock was put back.
      if (transfer.retryAt !== null && transfer.retryAt > this.#now() && transfer.retryAt <= this.#now() + longestRetry) {
        wake = Math.min(wake, transfer.retryAt);
        continue;
      }
      const here = running.get(transfer.host) ?? 0;
      if (all >= atATime || here >= this.#perHost) continue;
      all++;
      running.set(transfer.host, here + 1);
      void this.#run(transfer);
    }
    if (wake < Number.POSITIVE_INFINITY) this.#waking = setTimeout(() => this.#schedule(), Math.max(10, wake - this.#now()));
  }

  async #run(transfer: Transfer): Promise<void> {
    const movedBefore = transfer.progress.movedBytes;
    this.#saveAtOnce();
    if (!transfer.progress.wasStarted) this.#options.started(transfer.spec);
    try {
      await transfer.run(this.#options.access);
      const { failure } = transfer.progress;
      transfer.setState(failure ? 'failed' : 'done', failure);
    } catch (caught) {
      const error = AppError.from(caught);
      // Paused, cancelled, or the app closes: whoever did that set the state.
      if (this.#isClosed || transfer.wasStopped) return;
      if (transfer.progress.movedBytes > movedBefore) transfer.idleTries = 0;
      const delay = passing.has(error.code) ? retryMilliseconds[transfer.idleTries++] : undefined;
      if (delay === undefined) {
        this.#options.failed('transfer', error);
        transfer.setState('failed', error);
      } else {
        transfer.setState('waiting', error);
        transfer.retryAt = this.#now() + delay;
      }
    } finally {
      this.#touch(transfer);
      this.#schedule();
    }
  }

  #touch(transfer: Transfer): void {
    this.#dirty.add(transfer.id);
    this.#publishSoon();
    this.#saveSoon();
  }

  #publishSoon(): void {
    if (this.#isClosed) return;
    this.#publishing ??= setTimeout(
      () => this.#publish(),
      Math.min(publishMilliseconds, Math.max(0, this.#published + publishMilliseconds - this.#now())),
    );
  }

  #publish(): void {
    this.#publishing = undefined;
    this.#published = this.#now();
    const before = this.topic.get();
    for (const transfer of this.#transfers.values()) {
      if (!transfer.isRunning) continue;
      transfer.progress.sampleSpeed();
      this.#dirty.add(transfer.id);
    }
    this.topic.set(this.#value(before.rows, before.order));
    if ([...this.#transfers.values()].some(({ isRunning }) => isRunning)) this.#publishSoon();
  }

  #value(before: Record<string, TransferRow>, order: string[] | null): Transfers {
    const rows: Record<string, TransferRow> = {};
    for (const transfer of this.#transfers.values()) {
      const known = before[transfer.id];
      rows[transfer.id] = known && !this.#dirty.has(transfer.id) ? known : transfer.row();
    }
    this.#dirty.clear();
    const keepsOrder = order !== null && !this.#isOrderChanged && order.length === this.#transfers.size;
    this.#isOrderChanged = false;
    return {
      rows,
      order: keepsOrder ? order : [...this.#transfers.keys()],
      totals: this.#totals.over(Object.values(rows)),
      perHost: this.#perHost,
      problem: this.#problem,
    };
  }

  #saveSoon(): void {
    if (this.#isClosed) return;
    this.#saving ??= setTimeout(() => void this.#save(), saveMilliseconds);
  }

  /** What a person asked for, and what was begun, is known even if the app dies at once. */
  #saveAtOnce(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => void this.#save());
  }

  async #save(): Promise<void> {
    await this.#file?.settled();
    this.#saving = undefined;
    if (!this.#isClosed) await this.#write();
  }

  /** What was saved before stays when this fails. */
  async #write(): Promise<void> {
    await this.#file?.write(this.#saved()).catch((error: unknown) => this.#options.failed('saving the transfer queue', AppError.from(error)));
  }

  #saved(): SavedQueue {
    const all = [...this.#transfers.values()];
    const over = all.filter(({ state }) => state === 'done' || state === 'cancelled');
    const tooOld = new Set<Transfer>();
    let sources = 0;
    for (const [index, transfer] of over.reverse().entries()) {
      sources += transfer.spec.sources.length;
      if (index >= mostFinished || sources > mostFinishedSources) tooOld.add(transfer);
    }
    const kept = all.filter((transfer) => !tooOld.has(transfer));
    // At the end, one that does not stop in time is no death.
    const transfers = kept.map((transfer) => (this.#isClosed ? { ...transfer.saved(), deaths: transfer.deaths } : transfer.saved()));
    return { perHost: this.#perHost, transfers, strange: this.#strange };
  }

  #load(): void {
    if (!this.#file) return;
    const { value, problem } = this.#file.read();
    this.#strange = value.strange ?? [];
    const { length } = this.#strange;
    this.#problem =
      problem ?? (length > 0 ? `Transfers that another version of Slipway saved (${length}) cannot be shown or moved by this one.` : null);
    this.#perHost = value.perHost;
    for (const saved of value.transfers) {
      const isOpen = !['done', 'failed', 'cancelled', 'paused'].includes(saved.state);
      if (!isOpen) this.#add(saved);
      else if (saved.deaths < mostDeaths) this.#add({ ...saved, state: 'queued' });
      else this.#add({ ...saved, state: 'paused', row: { ...saved.row, error: diedOften } });
    }
  }
}

const diedOften = new AppError(
  'internal',
  'Slipway’s session process ended twice while this was under way, so it waits for you. Resume it to try once more, or move it in smaller parts.',
).toData();
