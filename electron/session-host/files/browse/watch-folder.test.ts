import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../../../../test/support/temp-folder.ts';
import { waitUntil } from '../../../../test/support/wait-until.ts';
import { watchFolder } from './watch-folder.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await tempFolder();
});
afterEach(() => temp.remove());

test('what comes, changes and goes in a folder is told, a burst of it twice at most', async () => {
  const path = join(temp.path, 'watched');
  mkdirSync(path);
  let told = 0;
  const stop = watchFolder(path, () => void told++);
  writeFileSync(join(path, 'new'), 'new');
  await waitUntil(() => told > 0, 'the new file to be told');
  const first = told;
  for (let index = 0; index < 200; index++) appendFileSync(join(path, 'new'), 'more');
  await waitUntil(() => told > first, 'the change to be told');
  expect(told).toBeLessThanOrEqual(first + 2);
  const second = told;
  rmSync(join(path, 'new'));
  await waitUntil(() => told > second, 'the end to be told');
  stop();
});

test('a folder that is not there tells nothing and harms nothing', () => {
  watchFolder(join(temp.path, 'none'), () => {
    throw new Error('told');
  })();
});
