/** Ways in which the stream of changes misbehaves. */
export class RequestFaults {
  /** `stall`: the stream stays open and sends nothing; `repeat`: every event comes twice, then the state before it. */
  stream: 'stall' | 'repeat' | null = null;
  readonly #drops = new Set<() => void>();

  /** Ends all streams that are open now. */
  dropStreams(): void {
    for (const drop of [...this.#drops]) drop();
  }

  onDrop(listener: () => void, signal: AbortSignal): void {
    this.#drops.add(listener);
    signal.addEventListener('abort', () => this.#drops.delete(listener), { once: true });
  }
}
