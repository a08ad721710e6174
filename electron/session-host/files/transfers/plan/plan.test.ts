import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { countTree, deleteTree } from '../../browse/tree.ts';
import type { FileSystem, NamedFacts } from '../../file-systems/file-system.ts';
import { makePlan, type PlanOptions } from './plan.ts';

const facts = { size: 1, modified: 0, mode: 0o644, owner: '', group: '' };
const file = (name: string): NamedFacts => ({ ...facts, name, kind: 'file' });
const folder = (name: string): NamedFacts => ({ ...facts, name, kind: 'folder' });
const signal = new AbortController().signal;

setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A server that lists what a test wants. */
const server = (list: (path: string) => Iterable<NamedFacts[]>, more: Partial<FileSystem> = {}) =>
  ({
    isLocal: false,
    async *list(path: string) {
      for (const entries of list(path)) {
        await null;
        yield entries;
      }
    },
    lstat: async (path: string) => (/\/f[^/]*$/.test(path) ? file(path) : folder(path)),
    join: (at: string, name: string) => `${at}/${name}`,
    split: (path: string) => ({ folder: '/', name: path.slice(path.lastIndexOf('/') + 1) }),
    ...more,
  }) as FileSystem;

async function plan(from: FileSystem, change: Partial<PlanOptions> = {}) {
  const problems: string[] = [];
  const to = { isLocal: true, join: (at: string, name: string) => `${at}/${name}` } as FileSystem;
  const made = await makePlan({
    ...{ from, to, sources: ['/tree'], folder: '/here', rename: null, platform: 'linux', foldsCase: false, signal },
    problem: (path) => void problems.push(path),
    counted: () => {},
    ...change,
  });
  return { names: [...made.items.open('file')].map(({ name }) => name), problems, items: made.items.length, folders: made.folders.length };
}

test('names that the target takes for one are put there once, and the others told', async () => {
  const from = server(() => [['Case', 'case', 'caf\u00e9', 'cafe\u0301', 'twice', 'twice'].map(file)]);
  expect(await plan(from)).toMatchObject({ names: ['Case', 'case', 'caf\u00e9', 'cafe\u0301', 'twice'], problems: ['tree/twice'] });
  expect(await plan(from, { foldsCase: true })).toMatchObject({
    names: ['Case', 'caf\u00e9', 'twice'],
    problems: ['tree/case', 'tree/cafe\u0301', 'tree/twice'],
  });
});

test('on Windows, names that it does not take get others, and two that become one are told', async () => {
  const from = server(() => [['CON', 'a:b', 'dots..', 'c\\d', 'a%3Ab'].map(file)]);
  const made = await plan(from, { platform: 'win32', foldsCase: true });
  expect(made).toMatchObject({ names: ['CO%4E', 'a%3Ab', 'dots%2E%2E', 'c%5Cd'], problems: ['tree/a%3Ab'] });
});

test('folders in folders without end, and more than a million entries, end with a sentence', { timeout: 180_000 }, async () => {
  const endless = server(() => [[folder('d')]]);
  await expect(plan(endless)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(/nested deeper than 250/) });
  await expect(countTree(endless, ['/tree'], signal)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(/nested deeper/) });
  const names = Array.from({ length: 1000 }, (_, at) => file(`f${at}`));
  const many = server((path) => (path === '/tree' ? [Array.from({ length: 1100 }, (_, index) => folder(`d${index}`))] : [names]));
  await expect(plan(many)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(/more than 1,000,000 entries/) });
});

test('500 folders in every folder, with names of 250 letters, end within the bound of memory, in a plan, a count and a deletion', {
  timeout: 60_000,
}, async () => {
  const hostile = server(() => [Array.from({ length: 500 }, (_, index) => folder(`${index}`.padStart(250, 'x')))]);
  collect();
  const before = memory();
  let most = 0;
  let calls = 0;
  const counted = () => {
    if (++calls % 10 !== 0) return;
    collect();
    most = Math.max(most, memory() - before);
  };
  const tooMuch = { code: 'unsupported', message: expect.stringMatching(/There is too much for one go: .* Do it in parts/) };
  await expect(plan(hostile, { counted })).rejects.toMatchObject(tooMuch);
  expect(calls).toBeGreaterThan(20);
  expect(most).toBeLessThan(64 * 1024 * 1024);
  await expect(countTree(hostile, ['/tree'], signal)).rejects.toMatchObject(tooMuch);
  await expect(deleteTree(hostile, ['/tree'], 10, signal)).rejects.toMatchObject(tooMuch);
});

test('what is nested so deep that its path is longer than any system takes is left out', async () => {
  const name = 'x'.repeat(250);
  const deep = server(() => [[folder(name), file('f')]]);
  const made = await plan(deep);
  expect(made.folders).toBe(17);
  expect(made.problems).toHaveLength(1);
  await expect(countTree(deep, ['/tree'], signal)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a count that is given up in the middle reads no further', async () => {
  const abort = new AbortController();
  let read = 0;
  const from = server(() => {
    if (++read === 20) abort.abort();
    return [[folder('a'), folder('b'), file('f')]];
  });
  await expect(plan(from, { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
  expect(read).toBeLessThan(30);
});

test('100,000 small files take less than 64 MB', async () => {
  const from = server((path) =>
    path === '/tree' ? [Array.from({ length: 100 }, (_, index) => folder(`d${index}`))] : [Array.from({ length: 1000 }, (_, at) => file(`f${at}`))],
  );
  collect();
  const before = memory();
  const made = await makePlan({
    ...{ from, to: from, sources: ['/tree'], folder: '/here', rename: null, platform: 'linux', foldsCase: false, signal },
    problem: () => {},
    counted: () => {},
  });
  collect();
  const grown = memory() - before;
  expect(made.items).toHaveLength(100_000);
  expect(grown).toBeLessThan(64 * 1024 * 1024);
});

test('what somebody else removes in the meantime does not stop a deletion; what a server hides does not count', async () => {
  const { AppError } = await import('../../../../../shared/errors/app-error.ts');
  const removed: string[] = [];
  const remove = async (path: string) => {
    if (path.endsWith('/f2')) throw new AppError('not-found', 'gone');
    removed.push(path);
  };
  const from = server(() => [['f1', 'f2', 'f3', '..', '/etc/passwd', 'x\0y'].map(file)], { removeFile: remove, removeFolder: remove });
  expect(await deleteTree(from, ['/tree'], 4, signal)).toEqual({ removed: 3 });
  expect(removed).toEqual(['/tree/f1', '/tree/f3', '/tree']);
});
