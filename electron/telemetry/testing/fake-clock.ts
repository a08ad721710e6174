import type { Clock } from '../clock.ts';

/** Time that moves when told to. `wall` jumps without any time passing. */
export class FakeClock implements Clock {
  elapsed = 0;
  wall = Date.parse('2026-01-01T00:00:00.250Z');
  chance = 0.5;
  readonly #timers = new Set<{ at: number; action: () => void }>();

  now(): number {
    return this.wall;
  }

  random(): number {
    return this.chance;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.elapsed + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass, with whatever falls due on the way and the promises behind it. */
  async pass(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    for (;;) {
      await settle();
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.wall += next.at - this.elapsed;
      this.elapsed = next.at;
      this.#timers.delete(next);
      next.action();
    }
    this.wall += end - this.elapsed;
    this.elapsed = end;
    await settle();
  }
}

/** Long enough for promises without input or output to run out. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};
