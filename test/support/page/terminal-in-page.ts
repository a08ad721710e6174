import { GpuPolicy } from '../../../renderer/features/terminal/look/gpu-renderer.ts';
import { terminalLook } from '../../../renderer/features/terminal/look/terminal-look.ts';
import { largestPiece } from '../../../renderer/features/terminal/stream-pump.ts';
import { TerminalView } from '../../../renderer/features/terminal/terminal-view.ts';
import { defaultSettings, type Settings } from '../../../shared/settings/settings.ts';

/** The app's terminal alone on a page, with a server that says what the test wants. Served by test/support/terminal-page.ts. */
export interface TerminalInPage {
  view: TerminalView;
  /** Puts a terminal with these settings in the place of the last one. */
  open(theme: 'light' | 'dark', settings: Partial<Settings['terminal']>): Promise<void>;
  /** Output of the server. Resolves when all of it was parsed and drawn, to the milliseconds that took. */
  output(text: string): Promise<number>;
  /** The longest time without a frame since the last call, in milliseconds. */
  longestFrame(): number;
}

declare global {
  var terminalInPage: TerminalInPage;
}

const encoder = new TextEncoder();
const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
const drawn = async () => {
  await frame();
  await frame();
};

let longest = 0;
let last = performance.now();
const follow = () => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
  requestAnimationFrame(follow);
};
follow();

let say: (bytes: Uint8Array) => void = () => {};

const here: TerminalInPage = {
  view: undefined as unknown as TerminalView,
  async open(theme, settings) {
    here.view?.dispose();
    const container = document.getElementById('terminal')!;
    container.replaceChildren();
    const look = terminalLook({ ...defaultSettings.terminal, ...settings }, theme, { platform: 'linux', screenReader: false });
    here.view = new TerminalView({
      open: (_size, reader) => {
        say = (bytes) => reader.data(bytes);
        queueMicrotask(() => reader.message({ type: 'ready', title: '' }));
        return { write: () => {}, send: () => {}, grant: () => {}, close: () => {} };
      },
      look,
      platform: 'linux',
      gpu: new GpuPolicy(() => false),
      events: {},
    });
    here.view.mount(container);
    here.view.setVisible(true);
    here.view.setLook(look);
    here.view.connect();
    while (look.renderer === 'gpu' && !here.view.usesGpu) await frame();
    await drawn();
  },
  async output(text) {
    const bytes = encoder.encode(text);
    const started = performance.now();
    for (let at = 0; at < bytes.length; at += largestPiece) {
      say(bytes.subarray(at, at + largestPiece));
      await new Promise<void>((resolve) => here.view.terminal.write('', resolve));
    }
    await drawn();
    return performance.now() - started;
  },
  longestFrame() {
    const found = longest;
    longest = 0;
    last = performance.now();
    return found;
  },
};
globalThis.terminalInPage = here;
