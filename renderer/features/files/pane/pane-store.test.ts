import { expect, test } from 'vitest';
import type { FileEntry } from '../../../../shared/model/files.ts';
import type { ListingReader, Side } from '../side.ts';
import { createPaneStore } from './pane-store.ts';

const entry = (name: string, size: number): FileEntry => ({
  ...{ name, kind: 'file', size, modified: null, mode: null, owner: '', group: '', target: null, targetKind: null, oddity: null },
});

/** A side whose listings the test answers. */
function toldSide() {
  const readings: { reader: ListingReader; end(): void }[] = [];
  const side = {
    list: (_path: string, reader: ListingReader) =>
      new Promise((resolve) => {
        readings.push({ reader, end: () => resolve({ more: false, dropped: 0 }) });
      }),
  } as unknown as Side;
  return { side, readings };
}

const names = (pane: ReturnType<typeof createPaneStore>) => pane.getState().shown.map(({ entry: { name } }) => name);

test('a column that is chosen while the last rows are put in order holds for them too', async () => {
  const { side, readings } = toldSide();
  const pane = createPaneStore(side);
  const opened = pane.open('/');
  readings[0]!.reader.folder('/');
  readings[0]!.reader.entries([entry('a', 3), entry('b', 1), entry('c', 2)]);
  readings[0]!.end();
  await Promise.resolve();
  await Promise.resolve();
  await pane.sortBy({ column: 'size', descending: false });
  await opened;
  expect(names(pane)).toEqual(['b', 'c', 'a']);
});

test('rows of a folder that was left while they were put in order are not shown', async () => {
  const { side, readings } = toldSide();
  const pane = createPaneStore(side);
  const first = pane.open('/one');
  readings[0]!.reader.folder('/one');
  readings[0]!.reader.entries([entry('of one', 1)]);
  readings[0]!.end();
  await Promise.resolve();
  await Promise.resolve();
  const second = pane.open('/two');
  await first;
  expect(names(pane)).toEqual([]);
  readings[1]!.reader.folder('/two');
  readings[1]!.reader.entries([entry('of two', 1)]);
  readings[1]!.end();
  await second;
  expect(pane.getState()).toMatchObject({ path: '/two', status: 'ready' });
  expect(names(pane)).toEqual(['of two']);
});

test('to read anew does not call off a folder that is being opened', async () => {
  const { side, readings } = toldSide();
  const pane = createPaneStore(side);
  const opened = pane.open('/slow');
  await pane.refresh();
  expect(readings.length).toBe(1);
  readings[0]!.reader.folder('/slow');
  readings[0]!.reader.entries([entry('of slow', 1)]);
  readings[0]!.end();
  await opened;
  expect(pane.getState()).toMatchObject({ path: '/slow', status: 'ready' });
  const again = pane.refresh();
  expect(readings.length).toBe(2);
  readings[1]!.reader.folder('/slow');
  readings[1]!.end();
  await again;
  expect(names(pane)).toEqual([]);
});
