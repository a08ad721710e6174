import { cleanup, configure, render, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '../shell/app.tsx';
import { createCommands } from '../workbench/commands.ts';
import { createFakeApp, type FakeWorld } from './fake-app.ts';

// A busy machine takes far more than the usual second for a first render.
configure({ asyncUtilTimeout: 15_000 });

/** What jsdom lacks: sizes (every element is 1000 × 600), media queries, scrolling into view. */
function completeDom(): void {
  globalThis.ResizeObserver = class {
    readonly #callback: ResizeObserverCallback;
    constructor(callback: ResizeObserverCallback) {
      this.#callback = callback;
    }
    observe(target: Element) {
      const contentRect = target.getBoundingClientRect();
      const size = [{ inlineSize: 1000, blockSize: 600 }];
      this.#callback([{ target, contentRect, borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size }], this);
    }
    unobserve() {}
    disconnect() {}
  };
  window.matchMedia = (media) => ({
    media,
    matches: false,
    onchange: null,
    addListener() {},
    removeListener() {},
    addEventListener() {},
    removeEventListener() {},
    dispatchEvent: () => false,
  });
  Element.prototype.scrollIntoView = () => {};
  Element.prototype.scrollTo = () => {};
  Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 600);
  for (const [name, value] of [
    ['offsetWidth', 1000],
    ['offsetHeight', 600],
    ['clientWidth', 1000],
    ['clientHeight', 600],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value });
}

/** Draws the whole window on a made-up world, for tests in jsdom. */
export async function renderApp(world: FakeWorld = {}) {
  completeDom();
  const fake = createFakeApp(world);
  const commands = createCommands();
  const user = userEvent.setup();
  render(<App app={fake.app} commands={commands} />);
  await waitFor(() => {
    if (!commands.has('palette') || !fake.app.workspace.getState().restored) throw new Error('not there yet');
  });
  const dispose = () => {
    cleanup();
    fake.dispose();
  };
  return { ...fake, commands, user, dispose };
}
