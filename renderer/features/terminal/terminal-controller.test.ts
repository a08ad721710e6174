import { expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { StreamReader } from '../../../shared/ipc/client.ts';
import type { TerminalDown, TerminalReplay, TerminalSize } from '../../../shared/model/terminal.ts';
import { TerminalController, type TerminalState } from './terminal-controller.ts';

const size = { cols: 80, rows: 24 };

interface Opened {
  reader: StreamReader<TerminalDown>;
  handle: { write: ReturnType<typeof vi.fn>; send: ReturnType<typeof vi.fn>; grant: ReturnType<typeof vi.fn>; close: ReturnType<typeof vi.fn> };
  size: TerminalSize;
}

function setUp() {
  const opened: Opened[] = [];
  const shown: string[] = [];
  const states: TerminalState[] = [];
  const titles: string[] = [];
  const replays: TerminalReplay[] = [];
  const controller = new TerminalController({
    sink: {
      write: (bytes, parsed) => {
        shown.push(new TextDecoder().decode(bytes));
        parsed();
      },
    },
    open: (at, reader) => {
      const handle = { write: vi.fn(), send: vi.fn(), grant: vi.fn(), close: vi.fn() };
      opened.push({ reader, handle, size: at });
      return handle;
    },
    changed: (state) => states.push(state),
    started: () => {},
    replay: (replay) => replays.push(replay),
    title: (title) => titles.push(title),
    cwd: () => {},
  });
  const written = (at = 0) => opened[at]!.handle.write.mock.calls.map(([bytes]) => new TextDecoder().decode(bytes as Uint8Array));
  return { controller, opened, shown, states, titles, replays, written };
}

const bytes = (text: string) => new TextEncoder().encode(text);

test('from the first step to a shell', () => {
  const { controller, opened, shown, states, titles } = setUp();
  controller.connect(size);
  const { reader, handle } = opened[0]!;
  expect(handle.grant).toHaveBeenCalledTimes(1);
  reader.message({ type: 'progress', step: 'dialling' });
  reader.message({ type: 'ready', title: 'root@web' });
  reader.data(bytes('$ '));
  expect(states).toEqual([
    { phase: 'connecting', step: 'opening' },
    { phase: 'connecting', step: 'dialling' },
    { phase: 'live', stalled: false },
  ]);
  expect(titles).toEqual(['root@web']);
  expect(shown).toEqual(['$ ']);
});

test('what is typed in one turn leaves as one message, in order with binary input', async () => {
  const { controller, opened, written } = setUp();
  controller.connect(size);
  opened[0]!.reader.message({ type: 'ready', title: '' });
  controller.input('a');
  controller.input('é');
  await Promise.resolve();
  expect(written()).toEqual(['aé']);
  controller.input('b');
  controller.binary('\x1b[M\xff');
  await Promise.resolve();
  expect(written().slice(1, 2)).toEqual(['b']);
  expect([...(opened[0]!.handle.write.mock.calls[2]![0] as Uint8Array)]).toEqual([0x1b, 0x5b, 0x4d, 0xff]);
});

test('what is typed while connecting reaches the shell, up to a limit', () => {
  const { controller, opened, written } = setUp();
  controller.connect(size);
  controller.input('ls\r');
  controller.input('x'.repeat(10_000));
  expect(opened[0]!.handle.write).not.toHaveBeenCalled();
  opened[0]!.reader.message({ type: 'ready', title: '' });
  expect(written()).toEqual(['ls\r']);
});

test('an exit ends it, its stream is closed, and connecting again opens a new one', () => {
  const { controller, opened, states } = setUp();
  controller.connect(size);
  opened[0]!.reader.message({ type: 'ready', title: '' });
  opened[0]!.reader.message({ type: 'exit', code: 130, signal: null, error: null });
  opened[0]!.reader.end(null);
  expect(states.at(-1)).toEqual({ phase: 'ended', wasLive: true, code: 130, signal: null, error: null });
  expect(opened[0]!.handle.close).toHaveBeenCalled();
  controller.connect({ cols: 100, rows: 30 });
  controller.connect(size);
  expect(opened).toHaveLength(2);
  expect(opened[1]!.size).toEqual({ cols: 100, rows: 30 });
});

test('a stream that breaks off is the end of the session host, said as such', () => {
  const { controller, opened, states } = setUp();
  controller.connect(size);
  opened[0]!.reader.message({ type: 'ready', title: '' });
  opened[0]!.reader.end(new AppError('closed', 'gone'));
  expect(states.at(-1)).toMatchObject({
    phase: 'ended',
    wasLive: true,
    error: { code: 'closed', message: expect.stringContaining('carries sessions stopped') },
  });
});

test("a refusal before the shell is a failure with the server's reason", () => {
  const { controller, opened, states } = setUp();
  controller.connect(size);
  opened[0]!.reader.message({ type: 'exit', code: null, signal: null, error: { code: 'access-denied', message: 'no' } });
  expect(states.at(-1)).toMatchObject({ phase: 'ended', wasLive: false, error: { code: 'access-denied' } });
});

test('an old stream that still speaks after a reconnect is not heard', () => {
  const { controller, opened, shown } = setUp();
  controller.connect(size);
  const old = opened[0]!;
  old.reader.end(null);
  controller.connect(size);
  old.reader.data(bytes('ghost'));
  old.reader.message({ type: 'ready', title: 'ghost' });
  old.reader.end(new AppError('internal', 'ghost'));
  expect(shown).toEqual([]);
  expect(controller.state).toEqual({ phase: 'connecting', step: 'opening' });
});

test('cancelling closes the stream', () => {
  const { controller, opened, states } = setUp();
  controller.connect(size);
  controller.cancel();
  expect(opened[0]!.handle.close).toHaveBeenCalled();
  expect(states.at(-1)).toMatchObject({ phase: 'ended', error: { code: 'cancelled' } });
});

test('the size is sent when it changes only', () => {
  const { controller, opened } = setUp();
  controller.connect(size);
  controller.resize(size);
  controller.resize({ cols: 81, rows: 24 });
  controller.resize({ cols: 81, rows: 24 });
  expect(opened[0]!.handle.send.mock.calls).toEqual([[{ type: 'resize', size: { cols: 81, rows: 24 } }]]);
});

test('disposing closes the stream and says nothing more', () => {
  const { controller, opened, states } = setUp();
  controller.connect(size);
  const said = states.length;
  controller.dispose();
  expect(opened[0]!.handle.close).toHaveBeenCalled();
  opened[0]!.reader.end(null);
  controller.connect(size);
  expect(opened).toHaveLength(1);
  expect(states).toHaveLength(said);
});

test('while a program that ran before is drawn, nothing goes out; then keys do, and a size other than its last', async () => {
  const { controller, opened, replays, written } = setUp();
  controller.connect(size);
  const { reader, handle } = opened[0]!;
  const replay = { at: 0, screen: null, parts: [{ size: { cols: 100, rows: 30 }, bytes: 3 }] };
  reader.message({ type: 'replay', replay });
  reader.message({ type: 'ready', title: '' });
  expect(replays).toEqual([replay]);
  // An answer to what the program asked in an earlier life of the page.
  controller.input('\x1b[0n');
  controller.binary('\x1b[M');
  controller.keepScreen({ at: 0, size, text: '' });
  await Promise.resolve();
  expect(written()).toEqual([]);
  expect(handle.send).not.toHaveBeenCalled();
  controller.replayed();
  controller.input('ls');
  await Promise.resolve();
  expect(written()).toEqual(['ls']);
  controller.resize({ cols: 100, rows: 30 });
  expect(handle.send).not.toHaveBeenCalled();
  controller.resize(size);
  expect(handle.send).toHaveBeenCalledWith({ type: 'resize', size });
});
