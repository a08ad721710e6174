import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { referenceProblems } from './references.mjs';

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Problems of a project with these files beside a protocol page that has the sections 1 and 1.2, and a source with the name `dial`. */
function problemsOf(files: Record<string, string>): string[] {
  root = mkdtempSync(join(tmpdir(), 'references-'));
  const all = {
    'README.md': '',
    'docs/protocol/wire.md': '# Wire\n## 1 A\n### 1.2 B, and C\n',
    'electron/ssh/dialer.ts': 'export function dial() {}',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return referenceProblems(root);
}

describe('citations in comments', () => {
  const problemsOfComment = (comment: string) => problemsOf({ 'electron/a.ts': comment });

  test.each([
    '// the frame (wire §1.2)',
    '// the frame (docs/protocol/wire.md §1, §1.2)',
    '/**\n * the frame (wire\n * §1.2).\n */',
    '// a key (RFC 4253 §6.6, wire §1)',
    '// draft-ietf-secsh-filexfer-02 §7; RFC 4254 §5.1 and §5.2',
  ])('that lead somewhere: %j', (comment) => {
    expect(problemsOfComment(comment)).toEqual([]);
  });

  test('of a section that the page does not have', () => {
    expect(problemsOfComment('// one\n// two (wire §1, §1.3)')).toEqual(['electron/a.ts:2 cites §1.3 of wire, which has no such section']);
  });

  test('without a page, also when one was named further above', () => {
    expect(problemsOfComment('// wire §1\n\n// §1.2')).toEqual(['electron/a.ts:3 cites §1.2 without the page']);
  });
});

describe('links and paths in pages', () => {
  test.each([
    '[wire](docs/protocol/wire.md#12-b-and-c), [elsewhere](https://example.com/none)',
    '`electron/ssh/`, `electron/ssh/dialer.ts` (`dial`), `npm test`, `proto/gen/`, `proto/gen`',
    '# `electron/ssh/`: SSH\nstarts in `dialer.ts` (`dial`)',
    '```\nelectron/none.ts `none.ts`\n```',
  ])('that lead somewhere: %j', (text) => {
    expect(problemsOf({ 'README.md': text })).toEqual([]);
  });

  test.each([
    ['[a](docs/none.md)', 'README.md:1 links to docs/none.md, which does not exist'],
    ['[a](docs/protocol/wire.md#none)', 'README.md:1 links to #none, which docs/protocol/wire.md does not have'],
    ['a\n`electron/none/`', 'README.md:2 names electron/none/, which does not exist'],
    ['`dialer.ts`', 'README.md:1 names dialer.ts, which does not exist'],
    ['`electron/ssh/dialer.ts` (`dial`, `none`)', 'README.md:1 names none, which electron/ssh/dialer.ts does not have'],
    ['`electron/ssh/dialer.ts` (`Dialer.dial`)', 'README.md:1 names Dialer, which electron/ssh/dialer.ts does not have'],
  ])('that lead nowhere: %j', (text, problem) => {
    expect(problemsOf({ 'README.md': text })).toEqual([problem]);
  });
});

test('everything that Slipway’s own comments and pages refer to exists', () => {
  expect(referenceProblems(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
});
