const mb = 1024 * 1024;
/** On a near line this fills any disk or encryption, and a terminal's output waits behind it for some milliseconds only. */
const near = 3 * mb;
/**
 * On a far line: where the doubling starts, what is always allowed (60 MB/s at 50 ms), and the most. The most stays below the 24 MB that the stream
 * through the proxy takes in advance (proxy-ssh-pool.ts), so that the other channels of the connection never stand still.
 */
const far = { first: 6 * mb, least: 3 * mb, most: 22 * mb };
/** Milliseconds of a round trip. Up to here the near window carries 300 MB/s and more, so there is nothing to find out. */
const farMilliseconds = 10;
/** With twice as much under way, this much more has to arrive. Otherwise the line is full, and what is added only waits in it. */
const worthDoubling = 1.15;
/** Lines become faster when others leave them; looking once a second costs little and notices it soon. */
const probeMilliseconds = 1000;

/**
 * How many blocks of a download may be under way at the same time. On a far line the limit doubles as long as that brings more, and tries again every
 * second: a long fast line is filled, and on a slow one a key press does not wait behind blocks that were asked for in advance.
 */
export class ReadWindow {
  /** The limit never rises above this. */
  readonly most: number;
  readonly #isFar: boolean;
  readonly #least: number;
  readonly #roundTrip: number;
  readonly #blockLength: number;
  readonly #now: () => number;
  #limit: number;
  #running = 0;
  #waiting: (() => void)[] = [];
  /** Blocks that were asked for under an earlier limit: their arrival says nothing about this one. */
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

  /** A block has arrived, with so many bytes. */
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
