import type { Page } from 'playwright-core';

/** What benchmarks measure inside the page. Installed once per page; it watches the ports and changes nothing on them. */
export interface InPage {
  /** Bytes that have come on the stream that last took a key. */
  bytes(): number;
  /** The nth key: milliseconds from the call that carries it, and from the event, to its echo having been handed to the terminal. */
  echo(nth: number): Promise<Echo>;
  /** Keys whose echo has come. */
  echoes(): number;
  /** When the visible terminal shows `text`, on the page's clock. */
  shown(text: string): Promise<number>;
  /** Time of the last keydown on the page's clock. */
  lastKey(): number;
  /** Of each key since the last call: milliseconds from its event until the frame after it was drawn. */
  keyFrames(): number[];
  /** Lengths of the next frames in milliseconds, for this long; `step` runs in each. */
  frames(milliseconds: number, step?: () => void): Promise<number[]>;
}

interface Echo {
  fromCall: number;
  fromEvent: number;
}

declare global {
  var inPage: InPage;
}

export async function installInPage(page: Page): Promise<void> {
  await page.evaluate(() => {
    const idOf = (message: unknown): number => {
      if (message instanceof ArrayBuffer) return new DataView(message).getUint32(0);
      if (ArrayBuffer.isView(message)) return new DataView(message.buffer, message.byteOffset).getUint32(0);
      const { t, id } = message as { t?: string; id?: number };
      return t === 'data' ? (id ?? 0) : 0;
    };
    const sizeOf = (message: unknown): number =>
      message instanceof ArrayBuffer ? message.byteLength - 4 : ((message as { bytes?: Uint8Array }).bytes?.length ?? 0);
    const watched = new Set<EventTarget>();
    const counts = new Map<number, number>();
    let stream = 0;
    let keyAt = 0;
    let sentAt = 0;
    const echoes: { fromCall: number; fromEvent: number }[] = [];
    let waiting = () => {};

    const received = (event: Event) => {
      const { data } = event as MessageEvent;
      if (typeof data === 'string') return;
      const id = idOf(data);
      if (id === 0) return;
      counts.set(id, (counts.get(id) ?? 0) + sizeOf(data));
      if (id !== stream || sentAt === 0) return;
      const now = performance.now();
      echoes.push({ fromCall: now - sentAt, fromEvent: now - keyAt });
      sentAt = 0;
      waiting();
    };
    const watch = (prototype: { [name: string]: unknown }, method: string) => {
      const original = prototype[method] as (...args: unknown[]) => unknown;
      prototype[method] = function (this: EventTarget, message: unknown, ...rest: unknown[]) {
        const id = typeof message === 'string' || message === null ? 0 : idOf(message);
        if (id > 0) {
          stream = id;
          sentAt = performance.now();
        }
        if (!watched.has(this)) {
          watched.add(this);
          this.addEventListener('message', received);
        }
        return original.call(this, message, ...rest);
      };
    };
    watch(WebSocket.prototype as never, 'send');
    watch(MessagePort.prototype as never, 'postMessage');
    const keyFrames: number[] = [];
    const drawn = new MessageChannel(); // a message sent in a frame comes once the frame is drawn
    drawn.port1.onmessage = ({ data }) => keyFrames.push(performance.now() - data);
    const keyPressed = ({ timeStamp }: KeyboardEvent) => {
      keyAt = timeStamp;
      requestAnimationFrame(() => drawn.port2.postMessage(timeStamp));
    };
    addEventListener('keydown', keyPressed, true);

    const visibleRows = () => [...document.querySelectorAll<HTMLElement>('.xterm-rows')].find((rows) => rows.offsetParent !== null);
    globalThis.inPage = {
      bytes: () => counts.get(stream) ?? 0,
      echo: (nth) =>
        new Promise((resolve) => {
          waiting = () => echoes[nth] && resolve(echoes[nth]);
          waiting();
        }),
      echoes: () => echoes.length,
      shown: (text) =>
        new Promise((resolve) => {
          const rows = visibleRows();
          const look = () => {
            if (rows?.textContent?.includes(text)) resolve(performance.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      lastKey: () => keyAt,
      keyFrames: () => keyFrames.splice(0),
      frames: (milliseconds, step) =>
        new Promise((resolve) => {
          const lengths: number[] = [];
          const begin = performance.now();
          let last = begin;
          const next = () => {
            const now = performance.now();
            lengths.push(now - last);
            last = now;
            if (now - begin > milliseconds) return resolve(lengths);
            step?.();
            requestAnimationFrame(next);
          };
          requestAnimationFrame(next);
        }),
    };
  });
}
