import '../../../renderer/features/terminal/terminal.css';
import '../../../renderer/theme/base.css';
import { SearchAddon } from '@xterm/addon-search';
import { GpuPolicy } from '../../../renderer/features/terminal/look/gpu-renderer.ts';
import { terminalLook } from '../../../renderer/features/terminal/look/terminal-look.ts';
import { TerminalSearch } from '../../../renderer/features/terminal/terminal-search.ts';
import { TerminalView } from '../../../renderer/features/terminal/terminal-view.ts';
import { defaultSettings, type Settings } from '../../../shared/settings/settings.ts';

/** The app's terminal alone on a page, with a server that says what the test wants. Served by test/support/terminal-page.ts. */
export interface TerminalInPage {
  view: TerminalView;
  /** Puts a terminal with these settings in the place of the last one. */
  open(theme: 'light' | 'dark', settings: Partial<Settings['terminal']>): Promise<void>;
  /** Output of the server. Resolves when all of it was parsed and drawn. */
  output(text: string): Promise<void>;
  /** Searches as the search bar does. Resolves when the matches are drawn. */
  search(theme: 'light' | 'dark', term: string): Promise<void>;
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
    const { terminal } = here.view;
    const write = terminal.write.bind(terminal);
    let left = bytes.length;
    const parsed = new Promise<void>((resolve) => {
      terminal.write = (piece, done) =>
        write(piece, () => {
          left -= piece.length;
          done?.();
          if (left <= 0) resolve();
        });
    });
    say(bytes);
    await parsed;
    terminal.write = write;
    await drawn();
  },
  async search(theme, term) {
    const addon = new SearchAddon({ highlightLimit: 1000 });
    here.view.terminal.loadAddon(addon);
    new TerminalSearch(addon, here.view.terminal, theme, () => {}).find({ term, caseSensitive: false, regex: false });
    await drawn();
  },
};
globalThis.terminalInPage = here;
