import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine, windowsWord } from './shell-words.ts';

test('a POSIX shell gives the program exactly the words', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), word, (words, value) => {
      const print = 'for (const one of [process.env.SLIPWAY_X, ...process.argv.slice(1)]) console.log(JSON.stringify(one))';
      const line = commandLine(process.execPath, ['-e', print, '--', ...words], { SLIPWAY_X: value }, 'posix');
      const out = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
      expect(
        out
          .trimEnd()
          .split('\n')
          .map((one) => JSON.parse(one)),
      ).toEqual([value, ...words]);
    }),
    { numRuns: 8 },
  );
});

test.each([
  [['psql', ['postgres://ada@127.0.0.1:5432/shop?x=1']], {}, `psql 'postgres://ada@127.0.0.1:5432/shop?x=1'`],
  [['C:\\Program Files\\psql.exe', ['-h', '127.0.0.1']], {}, `& 'C:\\Program Files\\psql.exe' -h 127.0.0.1`],
  [['kubectl', ['get', 'pods']], { KUBECONFIG: "C:\\Users\\o'neil\\k" }, `$env:KUBECONFIG='C:\\Users\\o''neil\\k'; kubectl get pods`],
  [
    ['prog', ['-a.b', '-D:x', '--user', 'a,b', '@x', '$x', '', '\u2019; evil']],
    {},
    `prog '-a.b' '-D:x' --user 'a,b' '@x' '$x' '' '\u2019\u2019; evil'`,
  ],
] as const)('PowerShell %#', ([program, args], env, line) => {
  expect(commandLine(program, args, env as Record<string, string>, 'powershell')).toBe(line);
});

test.each([
  ['C:\\Program Files\\Slipway\\slipway.exe', '"C:\\Program Files\\Slipway\\slipway.exe"'],
  ['C:\\folder\\', '"C:\\folder\\\\"'],
  ['say "x"', '"say \\"x\\""'],
  ['back\\"', '"back\\\\\\""'],
])('a word of Windows: %s', (word, quoted) => expect(windowsWord(word)).toBe(quoted));
