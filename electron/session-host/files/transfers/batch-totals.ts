import type { TransferRow, Transfers } from '../../../../shared/model/files.ts';

type Totals = Transfers['totals'];
interface Share {
  done: number;
  /** Null until it was counted. */
  total: number | null;
}

/**
 * How far all transfers since the queue was last idle are. `progress` never falls while they last: what comes in addition only makes the rest of the
 * way longer, and what goes away makes it shorter.
 */
export class BatchTotals {
  readonly #shares = new Map<string, Share>();
  #progress = 0;
  #done = 0;

  over(rows: readonly TransferRow[]): Totals {
    const totals: Totals = { active: 0, queued: 0, bytesDone: 0, bytesTotal: 0, speed: 0, secondsLeft: null, progress: null };
    for (const row of rows) {
      const { id, state, bytes, speed } = row;
      if (!isOpen(row)) {
        // What is left of it is not to be done, or not now.
        if (this.#shares.has(id)) this.#shares.set(id, { done: bytes.done, total: bytes.done });
        continue;
      }
      if (state === 'queued' || state === 'waiting') totals.queued++;
      else totals.active++;
      totals.speed += speed ?? 0;
      this.#shares.set(id, { done: bytes.done, total: state === 'counting' ? null : bytes.total });
    }
    if (totals.active + totals.queued === 0) {
      this.#shares.clear();
      this.#progress = 0;
      this.#done = 0;
      return totals;
    }
    let counted = 0;
    for (const { done, total } of this.#shares.values()) {
      totals.bytesDone += done;
      if (total === null) continue;
      totals.bytesTotal += total;
      counted++;
    }
    if (totals.speed > 0) totals.secondsLeft = Math.max(0, Math.ceil((totals.bytesTotal - totals.bytesDone) / totals.speed));
    if (counted === 0 || totals.bytesTotal === 0) return totals;
    // Those that were not counted yet are taken to be as large as the others.
    this.#advance(totals.bytesDone, (totals.bytesTotal / counted) * this.#shares.size);
    if (totals.active > 0) totals.progress = this.#progress;
    return totals;
  }

  #advance(done: number, total: number): void {
    const rest = total - this.#done;
    if (done > this.#done && rest > 0) this.#progress += (1 - this.#progress) * Math.min(1, (done - this.#done) / rest);
    this.#done = done;
  }
}

const isOpen = ({ state }: TransferRow) => state !== 'done' && state !== 'failed' && state !== 'cancelled' && state !== 'paused';
