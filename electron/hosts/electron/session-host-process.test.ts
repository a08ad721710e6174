import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

class FakeChild extends EventEmitter {
  posted: { type: string; port: unknown }[] = [];
  killed = false;
  postMessage({ type }: { type: string }, [port]: unknown[]) {
    this.posted.push({ type, port });
  }
  kill() {
    this.killed = true;
  }
}
const { children } = vi.hoisted(() => ({ children: [] as unknown[] }));
vi.mock('electron', () => ({
  utilityProcess: {
    fork: () => {
      children.push(new FakeChild());
      return children.at(-1);
    },
  },
  MessageChannelMain: class {
    port1 = {};
    port2 = {};
  },
}));
const { SessionHostProcess } = await import('./session-host-process.ts');

const child = (index: number) => children[index] as FakeChild;
const options = { modulePath: 'x', logsFolder: 'logs', dataFolder: 'data', serveTickets: vi.fn(), onReplaced: vi.fn(), note: vi.fn() };
beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  children.length = 0;
});
afterEach(() => vi.useRealTimers());
const port = (name: string) => ({ name }) as never;

test('ports given before it runs, or while it is down, reach it after its port to main', () => {
  const sessions = new SessionHostProcess(options);
  sessions.connect(port('early'));
  sessions.start();
  sessions.connect(port('late'));
  expect(child(0).posted.map(({ type }) => type)).toEqual(['tickets', 'page', 'page']);
  expect(options.serveTickets).toHaveBeenCalledOnce();
  child(0).emit('exit', 9);
  sessions.connect(port('between'));
  vi.advanceTimersByTime(1000);
  expect(child(1).posted.map(({ type }) => type)).toEqual(['tickets', 'page']);
  expect(child(1).posted[1]!.port).toEqual({ name: 'between' });
});

test('it is started again when it ends, pages are told, and later and later when it keeps ending', () => {
  new SessionHostProcess(options).start();
  const waits: number[] = [];
  for (let index = 0; index < 7; index++) {
    child(index).emit('exit', 1);
    let waited = 0;
    while (children.length === index + 1) {
      vi.advanceTimersByTime(50);
      waited += 50;
    }
    waits.push(waited);
  }
  expect(options.onReplaced).toHaveBeenCalledTimes(7);
  expect(waits[0]).toBeLessThan(500);
  expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
  expect(waits.at(-1)).toBe(10_000);
  vi.advanceTimersByTime(60_000);
  child(7).emit('exit', 1);
  vi.advanceTimersByTime(500);
  expect(children).toHaveLength(9);
});

test('closing ends it for good', () => {
  const sessions = new SessionHostProcess(options);
  sessions.start();
  sessions.close();
  expect(child(0).killed).toBe(true);
  child(0).emit('exit', 0);
  vi.advanceTimersByTime(60_000);
  expect(children).toHaveLength(1);
});
