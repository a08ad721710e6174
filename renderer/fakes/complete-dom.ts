/**
 * What jsdom lacks: sizes (every element is 1000 × 600, and as high inside as the heights that its children set), media queries,
 * scrolling.
 */
export function completeDom(): void {
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
  Element.prototype.scrollTo = function (this: Element, options?: ScrollToOptions | number) {
    if (typeof options !== 'object' || options.top === undefined) return;
    this.scrollTop = options.top;
    // As in a browser, after the work that is under way.
    queueMicrotask(() => this.dispatchEvent(new Event('scroll')));
  };
  Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 600);
  for (const [name, value] of [
    ['offsetWidth', 1000],
    ['offsetHeight', 600],
    ['clientWidth', 1000],
    ['clientHeight', 600],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value });
  Object.defineProperty(HTMLElement.prototype, 'scrollHeight', {
    configurable: true,
    get(this: HTMLElement) {
      return [...this.children].reduce(
        (height, child) => height + (child instanceof HTMLElement ? Number.parseFloat(child.style.height) || 0 : 0),
        0,
      );
    },
  });
}
