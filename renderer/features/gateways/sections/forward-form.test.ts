import { expect, test } from 'vitest';
import { formOf, parseForward } from './forward-form.ts';
import { parsePort, suggestedPort } from './ports.ts';
import { targetPortChoices } from './target-ports.ts';

const form = formOf(undefined);

test('empty hosts are localhost, empty ports any', () => {
  expect(parseForward({ ...form, port: '8080' })).toEqual({
    ok: true,
    port: null,
    forward: { type: 'local', to: { host: 'localhost', port: 8080 } },
  });
  expect(parseForward({ ...form, type: 'remote', port: '80', host: 'web' })).toEqual({
    ok: true,
    port: null,
    forward: { type: 'remote', listen: { host: 'localhost', port: 0 }, to: { host: 'web', port: 80 } },
  });
  expect(parseForward({ ...form, type: 'dynamic', localPort: '1080' })).toEqual({ ok: true, port: 1080, forward: { type: 'dynamic' } });
});

test.each([
  [{ port: '' }, 'port'],
  [{ port: '0' }, 'port'],
  [{ port: '65536' }, 'port'],
  [{ port: '80', host: 'two words' }, 'host'],
  [{ port: '80', localPort: 'x' }, 'localPort'],
])('%o is refused at %s', (change, field) => {
  const parsed = parseForward({ ...form, ...change });
  expect(parsed.ok ? [] : Object.keys(parsed.problems)).toEqual([field]);
});

test('ports as typed and as suggested', () => {
  expect(['5432', ' 80 ', '0', '65536', '-1', '1e3', ''].map(parsePort)).toEqual([5432, 80, null, null, null, null, null]);
  expect(suggestedPort({ code: 'conflict', details: { suggestion: 5433 } })).toBe(5433);
  expect(suggestedPort({ code: 'conflict', details: { suggestion: 99_999 } })).toBeNull();
  expect(suggestedPort({ code: 'timeout', details: { suggestion: 5433 } })).toBeNull();
});

test('ranges of ports are listed as far as a list can hold, and named', () => {
  expect(
    targetPortChoices(
      [
        { port: 90, endPort: 92 },
        { port: 80, endPort: 80 },
      ],
      null,
    ),
  ).toEqual({ choices: [80, 90, 91, 92], ranges: '90–92, 80' });
  const wide = targetPortChoices([{ port: 1, endPort: 65_535 }], 40_000);
  expect(wide.choices).toHaveLength(200);
  expect(wide.choices).toContain(40_000);
});
