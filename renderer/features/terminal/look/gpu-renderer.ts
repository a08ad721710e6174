import type { Terminal } from '@xterm/xterm';
import { probeGl } from './gl-probe.ts';

export type RendererChoice = 'auto' | 'gpu' | 'dom';

/** What the terminals of one window know together about its GPU: the probe runs once, a second lost context turns the GPU off until restart. */
export class GpuPolicy {
  readonly #probe: () => boolean;
  #usable: boolean | null = null;
  #losses = 0;

  constructor(probe: () => boolean = () => probeGl(document, () => performance.now()).isUsable) {
    this.#probe = probe;
  }

  allows(choice: RendererChoice): boolean {
    if (choice === 'dom' || this.#losses > 1) return false;
    if (choice === 'gpu') return true;
    this.#usable ??= this.#probe();
    return this.#usable;
  }

  contextLost(): void {
    this.#losses++;
  }
}

interface GpuAddon {
  onContextLoss(listener: () => void): unknown;
  activate(terminal: Terminal): void;
  dispose(): void;
}

const loadWebgl = async (): Promise<GpuAddon> => new (await import('@xterm/addon-webgl')).WebglAddon();

/** Draws one terminal with the GPU while it is wanted and works, and leaves it to xterm's DOM renderer otherwise. */
export class GpuRenderer {
  readonly #terminal: Terminal;
  readonly #policy: GpuPolicy;
  readonly #load: () => Promise<GpuAddon>;
  #addon: GpuAddon | null = null;
  #wanted = false;

  constructor(terminal: Terminal, policy: GpuPolicy, load: () => Promise<GpuAddon> = loadWebgl) {
    this.#terminal = terminal;
    this.#policy = policy;
    this.#load = load;
  }

  get active(): boolean {
    return this.#addon !== null;
  }

  /** Only a terminal on screen may want a context: Chromium keeps about sixteen. */
  async want(visible: boolean, choice: RendererChoice): Promise<void> {
    this.#wanted = visible && this.#policy.allows(choice);
    if (!this.#wanted) return this.release();
    if (this.#addon) return;
    let addon: GpuAddon;
    try {
      addon = await this.#load();
    } catch {
      return;
    }
    if (!this.#wanted || this.#addon) return addon.dispose();
    this.#attach(addon);
  }

  /** Back to the DOM renderer. */
  release(): void {
    this.#wanted = false;
    const addon = this.#addon;
    this.#addon = null;
    addon?.dispose();
  }

  #attach(addon: GpuAddon): void {
    addon.onContextLoss(() => {
      this.#policy.contextLost();
      if (this.#addon === addon) this.release();
    });
    try {
      this.#terminal.loadAddon(addon);
      this.#addon = addon;
    } catch {
      this.#policy.contextLost();
      addon.dispose();
    }
  }
}
