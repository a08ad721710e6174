import { describe, expect, test } from 'vitest';
import { ReadWindow } from './read-window.ts';

const block = 256 * 1024;

/** A line of so many bytes a millisecond, with all blocks asked for as soon as the depth allows it. */
async function run(
  line: { roundTrip: number; speed: number },
  blocks: number,
): Promise<{ depth: ReadWindow; milliseconds: number; mostWait: number }> {
  let now = 0;
  const depth = new ReadWindow(line.roundTrip, block, () => now);
  const arrivals: { at: number; asked: number }[] = [];
  let freeAt = 0;
  let mostWait = 0;
  let asked = 0;
  const ask = async () => {
    await depth.enter();
    asked++;
    freeAt = Math.max(freeAt, now + line.roundTrip / 2) + block / line.speed;
    arrivals.push({ at: freeAt + line.roundTrip / 2, asked: now });
  };
  for (let index = 0; index < blocks; index++) void ask();
  for (let done = 0; done < blocks; done++) {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    const next = arrivals.shift()!;
    now = next.at;
    if (done > blocks / 2) mostWait = Math.max(mostWait, next.at - next.asked);
    depth.leave(block);
  }
  expect(asked).toBe(blocks);
  return { depth, milliseconds: now, mostWait };
}

describe('what is asked for in advance', () => {
  test('fills a long and fast line', async () => {
    const { milliseconds } = await run({ roundTrip: 50, speed: 250_000 }, 4000);
    expect((4000 * block) / milliseconds).toBeGreaterThan(0.85 * 250_000);
  });

  test('does not queue up in a long and slow one', async () => {
    const { milliseconds, mostWait } = await run({ roundTrip: 50, speed: 5_000 }, 400);
    expect((400 * block) / milliseconds).toBeGreaterThan(0.95 * 5_000);
    // A probe doubles it for a moment.
    expect(mostWait).toBeLessThan(1500);
  });

  test('is steady on a near line', async () => {
    const { depth } = await run({ roundTrip: 1, speed: 400_000 }, 1000);
    expect(depth.limit).toBe(12);
    expect(depth.most).toBe(12);
  });
});
