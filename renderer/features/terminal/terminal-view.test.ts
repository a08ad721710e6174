// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StreamReader } from '../../../shared/ipc/client.ts';
import type { TerminalDown } from '../../../shared/model/terminal.ts';
import { defaultSettings } from '../../../shared/settings/settings.ts';
import { GpuPolicy } from './look/gpu-renderer.ts';
import { terminalLook } from './look/terminal-look.ts';
import { TerminalView, type TerminalViewEvents } from './terminal-view.ts';

let view: TerminalView;
let container: HTMLElement;
let reader: StreamReader<TerminalDown>;
let sent: string[];
let opens: number;
const events = {
  pasteAsked: vi.fn(),
  state: vi.fn(),
  title: vi.fn(),
  link: vi.fn(),
  clipboardRefused: vi.fn(),
  menu: vi.fn(),
} satisfies Partial<TerminalViewEvents>;
const look = (change: Partial<typeof defaultSettings.terminal> = {}) =>
  terminalLook({ ...defaultSettings.terminal, ...change }, 'dark', { platform: 'linux', screenReader: false });

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
  sent = [];
  opens = 0;
  view = new TerminalView({
    open: (_size, streamReader) => {
      reader = streamReader;
      opens++;
      return { write: (bytes) => sent.push(new TextDecoder().decode(bytes)), send: () => {}, grant: () => {}, close: () => {} };
    },
    look: look(),
    platform: 'linux',
    gpu: new GpuPolicy(() => false),
    events,
  });
  container = document.body.appendChild(document.createElement('div'));
  view.mount(container);
  view.connect();
  reader.message({ type: 'ready', title: 'root@web' });
});

afterEach(() => {
  view.dispose();
  container.remove();
  vi.unstubAllGlobals();
});

/** Output of the server, parsed. */
const output = async (text: string) => {
  const bytes = new TextEncoder().encode(text);
  const parsed = vi.spyOn(view.terminal, 'write');
  reader.data(bytes);
  const written = () => parsed.mock.calls.reduce((sum, [piece]) => sum + piece.length, 0);
  while (written() < bytes.length) await new Promise<void>((resolve) => setTimeout(resolve));
  parsed.mockRestore();
  await new Promise<void>((resolve) => view.terminal.write('', resolve));
};

const row = (at: number) => view.terminal.buffer.active.getLine(at)?.translateToString(true);

const pasteEvent = (text: string) => {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  view.terminal.textarea!.dispatchEvent(event);
};

const key = (init: KeyboardEventInit & { keyCode?: number }) =>
  view.terminal.textarea!.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));

test('output is shown; keys go out', async () => {
  await output('hello');
  expect(row(0)).toBe('hello');
  view.terminal.input('ls');
  await Promise.resolve();
  expect(sent).toEqual(['ls']);
});

test('a paste of lines waits for consent while the shell has no bracketed paste', async () => {
  pasteEvent('rm a\nrm b');
  await Promise.resolve();
  expect(events.pasteAsked).toHaveBeenCalledWith('rm a\nrm b');
  expect(sent).toEqual([]);
  view.sendPaste('rm a\nrm b');
  await Promise.resolve();
  expect(sent).toEqual(['rm a\rrm b']);
});

test('with bracketed paste it goes at once, inside its bracket and without escapes', async () => {
  await output('\x1b[?2004h');
  pasteEvent('a\nb\x1b[201~c');
  await Promise.resolve();
  expect(events.pasteAsked).not.toHaveBeenCalled();
  expect(sent).toEqual(['\x1b[200~a\rb[201~c\x1b[201~']);
});

test('after the end: the text stays, input goes nowhere, Enter opens a new session below', async () => {
  await output('old text\x1b[?1003h\x1b[?2004h');
  reader.message({ type: 'exit', code: 1, signal: null, error: null });
  view.terminal.input('lost');
  await Promise.resolve();
  expect(sent).toEqual([]);
  await vi.waitFor(() => expect(view.terminal.modes).toMatchObject({ mouseTrackingMode: 'none', bracketedPasteMode: false }));
  key({ key: 'Enter', keyCode: 13 });
  expect(opens).toBe(2);
  reader.message({ type: 'ready', title: '' });
  await output('new text');
  expect([row(0), row(1)]).toEqual(['old text', 'new text']);
});

test('a program in the alternate screen that dies leaves the older text when its session is opened again', async () => {
  await output('shell\r\n\x1b[?1049hfull screen');
  reader.end(null);
  view.connect();
  reader.message({ type: 'ready', title: '' });
  await output('again');
  expect(view.terminal.buffer.active.type).toBe('normal');
  expect(row(0)).toBe('shell');
});

test('a flood of questions is answered in few messages', async () => {
  await output('\x1b[c'.repeat(5000));
  await Promise.resolve();
  expect(sent.join('')).toBe('\x1b[?1;2c'.repeat(5000));
  expect(sent.length).toBeLessThan(50);
});

test('titles are made harmless and come at most ten a second', async () => {
  await output(`\x1b]2;a\u202eb${'x'.repeat(500)}\x07`.repeat(100));
  await vi.waitFor(() => expect(events.title.mock.lastCall?.[0]).toContain('xxx'));
  expect(events.title.mock.calls.length).toBeLessThanOrEqual(3);
  const title = events.title.mock.lastCall?.[0] as string;
  expect(title).not.toContain('\u202e');
  expect(title.length).toBeLessThanOrEqual(200);
});

test('settings take effect in an open terminal', () => {
  view.setLook(look({ fontSize: 20, scrollback: 123, screenReader: 'on', fontFamily: 'Fira Code' }));
  expect(view.terminal.options).toMatchObject({ fontSize: 20, scrollback: 123, screenReaderMode: true });
  expect(view.terminal.options.fontFamily).toMatch(/^Fira Code, /);
});

test('a terminal without room keeps its size', () => {
  view.setVisible(true);
  view.fit();
  expect([view.terminal.cols, view.terminal.rows]).toEqual([80, 24]);
});

test('copying without a selection does nothing, and a clipboard that refuses is said', async () => {
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: () => Promise.reject(new Error('no')), readText: () => Promise.reject(new Error('no')) },
  });
  expect(view.copy()).toBe(false);
  await output('word');
  view.terminal.selectAll();
  expect(view.copy()).toBe(true);
  await view.pasteFromClipboard();
  await vi.waitFor(() => expect(events.clipboardRefused).toHaveBeenCalledTimes(2));
});

test('the right button by setting', async () => {
  const readText = vi.fn(() => Promise.resolve('pasted'));
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { ...navigator, clipboard: { readText, writeText } });
  const rightClick = () => container.firstElementChild!.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button: 2 }));
  view.setLook(look({ rightClick: 'paste' }));
  rightClick();
  await vi.waitFor(() => expect(sent).toEqual(['pasted']));
  view.setLook(look({ rightClick: 'copy-paste' }));
  await output('word');
  view.terminal.selectAll();
  rightClick();
  expect(writeText).toHaveBeenCalledTimes(1);
  expect(view.terminal.hasSelection()).toBe(false);
  rightClick();
  await vi.waitFor(() => expect(sent).toEqual(['pasted', 'pasted']));
  view.setLook(look({ rightClick: 'menu' }));
  rightClick();
  await vi.waitFor(() => expect(events.menu).toHaveBeenCalledTimes(1));
});
