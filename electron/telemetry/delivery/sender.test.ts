import { expect, test } from 'vitest';
import type { StampedEvent } from '../events.ts';
import type { Outcome } from '../history.ts';
import { exampleEvents } from '../testing/example-events.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Sender } from './sender.ts';
import type { Submission } from './submit.ts';

const second = 1000;
const hour = 3_600_000;

/** A queue in memory, a collector that does as told, and what came of it. */
function setUp(answer: (event: StampedEvent, nth: number) => Submission | Promise<Submission> = () => ({ result: 'sent' })) {
  const clock = new FakeClock();
  const waiting = new Map<string, StampedEvent>();
  const tried: { id: string; at: number }[] = [];
  const outcomes: { id: string; outcome: Outcome }[] = [];
  const problems: (string | null)[] = [];
  const sender = new Sender({
    outbox: {
      get size() {
        return waiting.size;
      },
      first: (count) => [...waiting.values()].slice(0, count),
      settle: (id) => void waiting.delete(id),
      moveToEnd: (id) => {
        const event = waiting.get(id);
        waiting.delete(id);
        if (event) waiting.set(id, event);
      },
    },
    clock,
    submit: async (event, signal) => {
      tried.push({ id: event.id, at: clock.elapsed });
      const given = answer(event, tried.length);
      if (!(given instanceof Promise)) return given;
      const aborted = new Promise<Submission>((resolve) => signal.addEventListener('abort', () => resolve({ result: 'retry', detail: 'aborted' })));
      return Promise.race([given, aborted]);
    },
    onSettled: (event, outcome) => outcomes.push({ id: event.id, outcome }),
    onProblem: (problem) => problems.push(problem),
  });
  const add = (count: number, from = 1) => {
    for (const event of exampleEvents(count, from)) {
      waiting.set(event.id, event);
      sender.poke();
    }
  };
  return { clock, sender, waiting, tried, outcomes, problems, add };
}

test('14 events wait; the 15th makes a batch', async () => {
  const { add, clock, tried } = setUp();
  add(14);
  await clock.pass(59 * 60 * second);
  expect(tried).toHaveLength(0);
  add(1, 15);
  await clock.pass(0);
  expect(tried).toHaveLength(15);
});

test('45 at once go as 30 and then, a second later, 15', async () => {
  const { add, clock, tried, waiting } = setUp(() => new Promise((resolve) => setImmediate(() => resolve({ result: 'sent' }))));
  for (const event of exampleEvents(44)) waiting.set(event.id, event);
  add(1, 45);
  for (let turn = 0; turn < 10; turn++) await clock.pass(0);
  expect(tried).toHaveLength(30);
  await clock.pass(second);
  for (let turn = 0; turn < 10; turn++) await clock.pass(0);
  expect(tried.map(({ id }) => id)).toEqual(exampleEvents(45).map(({ id }) => id));
});

test('one lone event leaves after an hour, whatever the wall clock does meanwhile', async () => {
  const { add, clock, tried } = setUp();
  add(1);
  clock.wall += 10 * 365 * 24 * hour;
  await clock.pass(hour - second);
  clock.wall = 0;
  expect(tried).toHaveLength(0);
  await clock.pass(second);
  expect(tried).toEqual([{ id: '1', at: hour }]);
  add(1, 2);
  await clock.pass(hour + 2 * second);
  expect(tried).toHaveLength(2);
});

test('events of an earlier run leave when the hour since the oldest is over, but not in the first seconds', async () => {
  for (const [age, expected] of [
    [30 * 60 * second, 30 * 60 * second],
    [2 * hour, 10 * second],
    [-5 * hour, hour],
  ] as const) {
    const { clock, sender, tried, waiting } = setUp();
    for (const event of exampleEvents(3)) waiting.set(event.id, event);
    sender.resume(clock.now() - age);
    await clock.pass(expected - 1);
    expect(tried).toHaveLength(0);
    await clock.pass(1);
    expect(tried).toHaveLength(3);
  }
});

test('after a passing failure there is a pause that doubles up to an hour; the event goes to the end', async () => {
  let down = true;
  const { add, clock, tried, waiting, problems, outcomes } = setUp(() => (down ? { result: 'retry', detail: 'unreachable' } : { result: 'sent' }));
  add(15);
  await clock.pass(0);
  expect(tried).toEqual([{ id: '1', at: 0 }]);
  expect([...waiting.keys()].at(-1)).toBe('1');
  add(30, 16);
  await clock.pass(10 * hour);
  const pauses = tried.slice(1).map(({ at }, index) => (at - (tried[index]?.at ?? 0)) / second);
  expect(pauses.slice(0, 9)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  down = false;
  await clock.pass(2 * hour);
  expect(waiting.size).toBe(0);
  expect(outcomes.filter(({ outcome }) => outcome.state === 'sent')).toHaveLength(45);
  expect([problems[0], problems.at(-1)]).toEqual(['unreachable', null]);
});

test('a collector that takes nothing from here is asked less and less often, in the end once a day', async () => {
  const { add, clock, tried, problems, waiting } = setUp(() => ({ result: 'retry', detail: 'forbidden', isUnwelcome: true, afterMs: second }));
  add(15);
  await clock.pass(4 * 24 * hour);
  const before = tried.length;
  await clock.pass(7 * 24 * hour);
  expect(tried.length - before).toBe(7);
  expect(problems.at(-1)).toBe('forbidden');
  expect(waiting.size).toBe(15);
});

test('the pause has jitter: from half to one and a half of it', async () => {
  for (const [chance, pause] of [
    [0, 15],
    [0.999_999, 45],
  ] as const) {
    const { add, clock, tried } = setUp(() => ({ result: 'retry', detail: '' }));
    clock.chance = chance;
    add(15);
    await clock.pass(100 * second);
    expect(Math.round(((tried[1]?.at ?? 0) - (tried[0]?.at ?? 0)) / second)).toBe(pause);
  }
});

test('a collector that names a time is given it, up to an hour', async () => {
  for (const [asked, given] of [
    [300 * second, 300],
    [100 * hour, 3600],
  ] as const) {
    const { add, clock, tried } = setUp((_, nth) => (nth === 1 ? { result: 'retry', detail: '', afterMs: asked } : { result: 'sent' }));
    add(15);
    await clock.pass(3 * hour);
    expect(tried[1]?.at).toBe(given * second);
  }
});

test('a refused event is dropped with the reason; the others go on', async () => {
  const { add, clock, outcomes, waiting } = setUp((event) => (event.id === '3' ? { result: 'refused', detail: 'bad' } : { result: 'sent' }));
  add(15);
  await clock.pass(0);
  expect(waiting.size).toBe(0);
  expect(outcomes).toHaveLength(15);
  expect(outcomes[2]).toEqual({ id: '3', outcome: { state: 'dropped', reason: 'refused', detail: 'bad' } });
});

test('one event that makes the collector stumble does not stop the rest', async () => {
  const { add, clock, waiting } = setUp((event) => (event.id === '1' ? { result: 'retry', detail: 'answered 500' } : { result: 'sent' }));
  add(20);
  await clock.pass(60 * second);
  expect([...waiting.keys()]).toEqual(['1']);
});

test('stopping ends the exchange under way, settles nothing and leaves no timer', async () => {
  const { add, clock, outcomes, sender, waiting, tried } = setUp(() => new Promise(() => {}));
  add(15);
  await clock.pass(0);
  sender.stop();
  await clock.pass(hour);
  expect([tried.length, outcomes.length, waiting.size]).toEqual([1, 0, 15]);
  add(20, 100);
  await clock.pass(hour);
  expect(tried).toHaveLength(1);
});

test('a flush sends everything at once', async () => {
  const { add, clock, sender, waiting } = setUp();
  add(70);
  await sender.flush(new AbortController().signal);
  expect(waiting.size).toBe(0);
  sender.stop();
  expect(clock.pending).toBe(0);
});

test('a flush ends at its deadline, and is not tried while the collector is out of reach', async () => {
  const hanging = setUp(() => new Promise(() => {}));
  hanging.add(3);
  const deadline = new AbortController();
  const flushing = hanging.sender.flush(deadline.signal);
  await hanging.clock.pass(0);
  deadline.abort();
  await flushing;
  expect([hanging.tried.length, hanging.waiting.size]).toEqual([1, 3]);

  const down = setUp(() => ({ result: 'retry', detail: '' }));
  down.add(15);
  await down.clock.pass(0);
  await down.sender.flush(new AbortController().signal);
  expect(down.tried).toHaveLength(1);
});
