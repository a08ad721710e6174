// @vitest-environment jsdom
import { Terminal } from '@xterm/xterm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepCharactersWhole } from './whole-characters.ts';

const encoder = new TextEncoder();

async function shown(pieces: Iterable<Uint8Array>): Promise<string> {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', cols: 200, rows: 5 });
  keepCharactersWhole(terminal);
  for (const piece of pieces) terminal.write(piece);
  await new Promise<void>((resolve) => terminal.write(new Uint8Array(0), resolve));
  const text = terminal.buffer.active.getLine(0)!.translateToString(true);
  terminal.dispose();
  return text;
}

test('a character whose bytes come one by one is shown, whatever they are', async () => {
  const text = 'it’s “so” – … 例え 😀 é\u0080';
  const bytes = encoder.encode(text);
  expect(await shown(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(await shown([bytes]));
  expect(await shown(Array.from(encoder.encode('it’s 例え 😀'), (byte) => Uint8Array.of(byte)))).toBe('it’s 例え 😀');
});

test('for every cut of any bytes the screen is the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ min: 0x7e, maxLength: 12 }), fc.nat(12), async (bytes, at) => {
      const end = encoder.encode('|');
      expect(await shown([bytes.subarray(0, at), bytes.subarray(at), end])).toBe(await shown([bytes, end]));
    }),
    { numRuns: 100 },
  );
});
