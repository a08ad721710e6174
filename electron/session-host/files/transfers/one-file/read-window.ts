const mb = 1024 * 1024;
const near = 3 * mb;
const far = { first: 6 * mb, least: 3 * mb, most: 22 * mb };
const farMilliseconds = 10;
/** Twice as much under way has to bring this much more; otherwise the line is full, and more only waits in it. */
const worthDoubling = 1.15;
const probeMilliseconds = 1000;

/**
 * How many blocks of a download may be under way at once. On a far line it doubles as long as that brings more, and tries again every second: a long
 * fast line gets filled, and on a slow one a key press does not wait behind what was asked for in advance.
 */
export class ReadWindow {
  /** Never more than this at once. */
  readonly most: number;
  readonly #isFar: boolean;
  readonly #least: number;
  readonly #roundTrip: number;
  readonly #blockLength: number;
  readonly #now: () => number;
  #limit: number;
  #running = 0;
  #waiting: (() => void)[] = [];
  /** Blocks that were under way before the limit changed: they tell nothing about it. */
  #older: number;
  #blocks = 0;
  #bytes = 0;
  #from: number;
  #best = 0;
  #isProbe = false;
  #holdUntil = 0;

  constructor(roundTrip: number, blockLength: number, now: () => number = () => performance.now()) {
    const blocks = (bytes: number) => Math.ceil(bytes / blockLength);
    this.#isFar = roundTrip > farMilliseconds;
    this.most = blocks(this.#isFar ? far.most : near);
    this.#least = blocks(far.least);
    this.#limit = this.#isFar ? blocks(far.first) : this.most;
    this.#older = this.#limit;
    this.#roundTrip = roundTrip;
    this.#blockLength = blockLength;
    this.#now = now;
    this.#from = now();
  }

  get limit(): number {
    return this.#limit;
  }

  /** Resolves when one more block may be asked for. */
  async enter(): Promise<void> {
    while (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }

  /** A block is there, with so many bytes. */
  leave(bytes: number): void {
    this.#running--;
    if (this.#isFar) this.#measure(bytes);
    for (let free = this.#limit - this.#running; free > 0; free--) this.#waiting.shift()?.();
  }

  #measure(bytes: number): void {
    const now = this.#now();
    if (this.#older > 0) {
      this.#older--;
      this.#from = now;
      return;
    }
    this.#bytes += bytes;
    this.#blocks++;
    const passed = now - this.#from;
    if (passed < this.#roundTrip || this.#blocks < this.#limit) return;
    const rate = this.#bytes / passed;
    const isBetter = rate > worthDoubling * this.#best;
    if (this.#isProbe && !isBetter) {
      const enough = Math.ceil((3 * this.#roundTrip * rate) / this.#blockLength);
      this.#isProbe = false;
      this.#holdUntil = now + probeMilliseconds;
      return this.#set(Math.max(this.#least, Math.min(enough, Math.ceil(this.#limit / 2))), now);
    }
    this.#best = rate;
    this.#isProbe = (isBetter || now >= this.#holdUntil) && this.#limit < this.most;
    this.#set(this.#isProbe ? Math.min(this.most, 2 * this.#limit) : this.#limit, now);
  }

  #set(limit: number, now: number): void {
    this.#older = limit === this.#limit ? 0 : this.#running;
    this.#from = now;
    this.#bytes = 0;
    this.#blocks = 0;
    this.#limit = limit;
  }
}
