/** Ways in which the stream of changes misbehaves. */
export class RequestFaults {
  /** `stall`: the stream stands and nothing comes; `repeat`: everything comes twice, then as it was before. */
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
