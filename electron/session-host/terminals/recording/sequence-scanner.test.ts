// @vitest-environment jsdom
import { Terminal } from '@xterm/xterm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SequenceScanner } from './sequence-scanner.ts';

const bytesOf = (text: string) => Buffer.from(text);
/** Every place where the scanner allows a cut, asked byte by byte. */
const boundaries = (bytes: Buffer) => {
  const scanner = new SequenceScanner();
  return Array.from({ length: bytes.length + 1 }, (_, at) => at).filter((at) => {
    if (at > 0) scanner.scan(bytes.subarray(at - 1, at));
    return scanner.isBoundary;
  });
};

const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('a', '\x1b', '[', ']', 'P', '1', ';', 'm', '\\', '\x07', '\x18', '\x90', '\x9b', '\x9d', '\x9c', '\x84', '(', 'é', '😀'),
  }),
  fc.constantFrom('\x1b[31mred\x1b[0m', '\x1b]0;title\x07', '\x1b]8;;https://a.b\x1b\\link\x1b]8;;\x1b\\', '\x1bP$q"p\x1b\\', '\x1b(0qqq\x1b(B'),
);
const output = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => bytesOf(pieces.join(''))),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

test('text may be cut between characters, sequences only before and after', () => {
  expect(boundaries(bytesOf('a\x1b[1mb'))).toEqual([0, 1, 5, 6]);
  expect(boundaries(bytesOf('é😀'))).toEqual([0, 2, 6]);
  expect(boundaries(bytesOf('\x1b]2;é\x07x'))).toEqual([0, 7, 8]);
  expect(boundaries(bytesOf('\x1bPq\x07\x1b\\x'))).toEqual([0, 6, 7]);
  expect(boundaries(bytesOf('\x1b(Bx'))).toEqual([0, 3, 4]);
  expect(boundaries(bytesOf('\u009b1mx'))).toEqual([0, 4, 5]);
});

test('wherever a cut is allowed, xterm prints the next character as text', async () => {
  await fc.assert(
    fc.asyncProperty(output, fc.nat(), async (bytes, choice) => {
      const allowed = boundaries(bytes);
      const cut = allowed[choice % allowed.length] ?? 0;
      const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 200, rows: 5, scrollback: 0 });
      const printed: string[] = [];
      await new Promise<void>((resolve) => terminal.write(bytes.subarray(0, cut), resolve));
      // A terminal that is inside a sequence or a character takes these for a part of it.
      await new Promise<void>((resolve) => terminal.write(bytesOf('\x0d\x1b[2K\x1b[m#'), resolve));
      const buffer = terminal.buffer.active;
      for (let y = 0; y < buffer.length; y++) printed.push(buffer.getLine(y)?.translateToString(true) ?? '');
      terminal.dispose();
      expect(printed.join('')).toContain('#');
      expect(printed.join('')).not.toContain('[2K');
    }),
    { numRuns: 300 },
  );
});

test('in pieces of any size, the same place is the last one', () => {
  fc.assert(
    fc.property(output, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (bytes, sizes) => {
      const scanner = new SequenceScanner();
      let last = 0;
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const size = sizes[index % sizes.length] ?? 1;
        const found = scanner.scan(bytes.subarray(at, at + size));
        if (found >= 0) last = at + found;
        at += size;
      }
      expect(last).toBe(boundaries(bytes).at(-1));
    }),
  );
});

test('what is skipped leaves the same state as what is scanned', () => {
  fc.assert(
    fc.property(output, output, (first, second) => {
      const [skipped, scanned] = [new SequenceScanner(), new SequenceScanner()];
      skipped.skip(first);
      scanned.scan(first);
      expect(skipped.isBoundary).toBe(scanned.isBoundary);
      expect(skipped.scan(second)).toBe(scanned.scan(second));
    }),
  );
});
