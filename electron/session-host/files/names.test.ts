import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkWithin } from './file-systems/links.ts';
import { LocalFileSystem } from './file-systems/local-file-system.ts';
import { impossibleName, localName, numberedName, oddityOf } from './file-systems/local-names.ts';
import { ContiguousPrefix } from './transfers/one-file/part-progress.ts';
import { partName } from './transfers/part-name.ts';

test('a name that no file system could hold is none', () => {
  expect(impossibleName('🙂'.repeat(255))).toBeNull();
  expect(impossibleName('a'.repeat(511))).toMatch(/longer/);
});

const platforms = ['linux', 'darwin', 'win32'] as const;
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '../x',
    'a/b',
    'a\\b',
    'C:',
    'CON',
    'con.txt',
    'LPT1',
    'x.',
    'x ',
    'a\0b',
    'a\nb',
    '\u202ea',
    '\udc80\udcff',
    'nul.tar.gz',
    ' ',
    '...',
  ),
);

test('a name on this computer is one step, without what cannot be seen, for any name of a server', () => {
  fc.assert(
    fc.property(nasty, fc.constantFrom(...platforms), (name, platform) => {
      const local = localName(name, platform);
      if (impossibleName(name) !== null) {
        expect(local).toBeNull();
        return;
      }
      expect(local).not.toBeNull();
      expect(impossibleName(local!)).toBeNull();
      expect(local).not.toMatch(/[\u0000-\u001f\u007f/\u202a-\u202e]/);
      expect(Buffer.from(local!).toString()).toBe(local);
      if (platform !== 'win32') return;
      expect(local).not.toMatch(/[<>:"\\|?*]|[. ]$/);
      expect(local).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    }),
    { numRuns: 2000 },
  );
});

test('plain names stay what they are', () => {
  for (const name of ['a', 'a b', 'äöü 漢字 🙂', '.hidden', '-rf', 'a%20b'])
    for (const platform of platforms) expect(localName(name, platform)).toBe(name);
  expect(localName('CON', 'linux')).toBe('CON');
  expect(localName('CON', 'win32')).toBe('CO%4E');
  expect(localName('x.', 'win32')).toBe('x%2E');
  expect(localName('a\nb', 'linux')).toBe('a%0Ab');
  expect(oddityOf('plain', 'linux')).toBeNull();
  expect(oddityOf('a\u202eb', 'linux')).toMatch(/cannot be seen/);
  expect(oddityOf('CON', 'win32')).toMatch(/another one/);
});

test('part files and numbered names are names, and never too long', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 255 }), (name) => {
      fc.pre(impossibleName(name) === null && Buffer.byteLength(name) <= 255);
      expect(Buffer.byteLength(partName(name))).toBeLessThanOrEqual(255);
      expect(impossibleName(partName(name))).toBeNull();
    }),
  );
  expect(numberedName('a.tar.gz', 2)).toBe('a.tar (2).gz');
  expect(numberedName('.profile', 2)).toBe('.profile (2)');
});

test('a link stays within its tree or is left out, whatever it says', () => {
  const fileSystem = new LocalFileSystem();
  const step = fc.constantFrom('..', '.', 'a', 'b', 'tree', '', 'etc');
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.boolean(), (steps, isAbsolute) => {
      const target = (isAbsolute ? '/' : '') + steps.join('/');
      let said: string;
      try {
        said = linkWithin(fileSystem, { sourceRoot: '/home/tree', source: '/home/tree/a/link', target });
      } catch {
        return;
      }
      expect(said.startsWith('/')).toBe(false);
      expect(`${fileSystem.absolute(said, '/home/tree/a')}/`).toMatch(/^\/home\/tree\//);
      expect(fileSystem.absolute(said, '/home/tree/a')).toBe(fileSystem.absolute(target, '/home/tree/a').replace(/(.)\/$/, '$1'));
    }),
    { numRuns: 1000 },
  );
});

test('the prefix of a file is what is there without a gap, in whatever order the pieces come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }), fc.infiniteStream(fc.nat()), (lengths, order) => {
      const pieces: { start: number; length: number }[] = [];
      for (const length of lengths) pieces.push({ start: (pieces.at(-1)?.start ?? 0) + (pieces.at(-1)?.length ?? 0), length });
      const prefix = new ContiguousPrefix(0);
      const there = new Set<number>();
      const rest = [...pieces];
      while (rest.length > 0) {
        const [piece] = rest.splice(order.next().value! % rest.length, 1);
        prefix.add(piece!.start, piece!.length);
        there.add(piece!.start);
        const gap = pieces.find(({ start }) => !there.has(start));
        expect(prefix.end).toBe(gap?.start ?? pieces.at(-1)!.start + pieces.at(-1)!.length);
      }
    }),
  );
});
