import { misleadingCharacter } from '../lib/misleading-text.ts';
import type { TransferRow, Transfers } from './files.ts';

/** Shown to the person by the OS, or by the page where there is no main process that speaks to the OS. */
export interface TransferNotice {
  title: string;
  body: string;
}

const longMs = 30_000;
/** While other transfers run, ends are gathered for this long, so that a queue of hundreds does not make hundreds of notices. */
const quietMs = 10_000;
/** More names do not fit into one line of a notice. */
const mostNamed = 3;
const misleading = new RegExp(misleadingCharacter, 'gu');

export const isFinished = ({ state }: Pick<TransferRow, 'state'>): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

/** Whether the transfer took so long that the person may have turned to something else. */
export const isLong = ({ startedAt, finishedAt }: Pick<TransferRow, 'startedAt' | 'finishedAt'>): boolean =>
  (finishedAt ?? 0) - (startedAt ?? finishedAt ?? 0) >= longMs;

/**
 * Follows the queue and announces transfers that ended by themselves: those that took longer than half a minute, and all others
 * while nobody looks at the app. Ends that come close together are announced together.
 */
export class TransferEnds {
  readonly #isWatched: () => boolean;
  readonly #tell: (notice: TransferNotice) => void;
  readonly #now: () => number;
  #known: Transfers | null = null;
  #ended: TransferRow[] = [];
  #told = Number.NEGATIVE_INFINITY;

  constructor(options: { isWatched(): boolean; tell(notice: TransferNotice): void; now?: () => number }) {
    this.#isWatched = options.isWatched;
    this.#tell = options.tell;
    this.#now = options.now ?? Date.now;
  }

  /** Takes the present queue. Transfers that were already finished at the first call are not announced. */
  update(transfers: Transfers): void {
    const known = this.#known;
    this.#known = transfers;
    if (!known) return;
    for (const [id, row] of Object.entries(transfers.rows)) {
      const before = known.rows[id];
      if (before === row || !before || isFinished(before) || !isFinished(row) || row.state === 'cancelled') continue;
      if (isLong(row) || !this.#isWatched()) this.#ended.push(row);
    }
    const { active, queued } = transfers.totals;
    if (this.#ended.length === 0 || (active + queued > 0 && this.#now() - this.#told < quietMs)) return;
    this.#told = this.#now();
    this.#tell(transferNotice(this.#ended.splice(0)));
  }
}

/** Says what ended, on one line each for title and text. Names come from outside. */
export function transferNotice(rows: readonly TransferRow[]): TransferNotice {
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const [only] = rows;
  if (rows.length === 1 && only) return { title: titleOf(only), body: bodyOf(only) };
  const count = (number: number) => number.toLocaleString('en-US');
  const names = rows.slice(0, mostNamed).map(nameOf).join(', ');
  return {
    title: failed > 0 ? `${count(failed)} of ${count(rows.length)} transfers failed` : `${count(rows.length)} transfers are done`,
    body: rows.length > mostNamed ? `${names} and ${count(rows.length - mostNamed)} more` : names,
  };
}

function titleOf({ direction, state, failures }: TransferRow): string {
  const what = direction === 'upload' ? 'Upload' : 'Download';
  if (state === 'failed') return `${what} failed`;
  return failures > 0 ? `${what} done, but ${failures === 1 ? 'one item' : `${failures.toLocaleString('en-US')} items`} failed` : `${what} done`;
}

function bodyOf(row: TransferRow): string {
  const { direction, target, folder, state, error } = row;
  if (state === 'failed' && error) return line(`${nameOf(row)}: ${error.message}`, 300);
  const host = line(`${target.login}@${target.hostname}`, 80);
  const into = line(folder, 120);
  return direction === 'upload' ? `${nameOf(row)} is in ${into} on ${host}` : `${nameOf(row)} from ${host} is in ${into}`;
}

const nameOf = ({ name, sources }: TransferRow) => `${line(name, 60)}${sources > 1 ? ` and ${sources - 1} more` : ''}`;

const line = (text: string, most: number) =>
  (text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text).replace(misleading, '\ufffd');
