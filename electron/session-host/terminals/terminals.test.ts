import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TerminalUpStream } from './recorded-output.ts';
import type { TerminalProgram } from './terminal-program.ts';
import { keptMs, mostKept, Terminals } from './terminals.ts';

const size = { cols: 80, rows: 24 };
const page = 'a secret that only this page has, and no other';
const paramsOf = (tab: string) => ({ kind: 'shell', cwd: '/', size, keep: { page, tab } }) as const;

let programs: { [K in keyof TerminalProgram]: ReturnType<typeof vi.fn> }[];
let terminals: Terminals;

beforeEach(() => {
  vi.useFakeTimers();
  programs = [];
  terminals = new Terminals(async (_params, terminal) => {
    const program = { onData: vi.fn(), consumed: vi.fn(), write: vi.fn(), resize: vi.fn(), close: vi.fn() };
    programs.push(program);
    terminal.run(program, 'sh', terminal.size);
  });
});
afterEach(() => {
  terminals.close();
  vi.useRealTimers();
});

/** A page that opens a terminal and goes away without a word. */
function openAndLose(tab: string): void {
  let close: (isLost: boolean) => void = () => {};
  const stream: TerminalUpStream = {
    credit: 0,
    write: vi.fn(),
    send: vi.fn(),
    end: vi.fn(),
    onData: vi.fn(),
    onMessage: vi.fn(),
    onCredit: vi.fn(),
    onClose: (listener) => {
      close = listener;
    },
  };
  terminals.open(paramsOf(tab), stream);
  close(true);
}

test('a program waits half a minute for its page, then it ends', () => {
  openAndLose('tab');
  vi.advanceTimersByTime(keptMs - 1);
  expect(terminals.kept(page)).toEqual(['tab']);
  expect(programs[0]?.close).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(programs[0]?.close).toHaveBeenCalledTimes(1);
  expect(terminals.kept(page)).toEqual([]);
});

test('each time that it is lost, it waits as long again', () => {
  for (let round = 0; round < 3; round++) {
    openAndLose('tab');
    vi.advanceTimersByTime(keptMs - 1);
  }
  expect(programs).toHaveLength(1);
  expect(programs[0]?.close).not.toHaveBeenCalled();
});

test('no more than so many wait', () => {
  for (let tab = 0; tab <= mostKept; tab++) openAndLose(String(tab));
  expect(terminals.kept(page)).toHaveLength(mostKept);
  expect(programs.map(({ close }) => close?.mock.calls.length)).toEqual([...Array<number>(mostKept).fill(0), 1]);
});
