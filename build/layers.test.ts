import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
type Kind = 'value' | 'type';

/** A file, what it may not import, whether as a value or as a type, and the rule that says so. */
const wrong: [rule: string, from: string, to: string, kind: Kind][] = [
  ['shared-imports-nothing-of-ours', 'shared/b.ts', 'electron/lib/one.ts', 'value'],
  ['renderer-not-electron', 'renderer/ui/b.ts', 'electron/lib/one.ts', 'type'],
  ['electron-not-renderer', 'electron/app/b.ts', 'renderer/ui/one.ts', 'value'],
  ['features-do-not-know-each-other', 'renderer/features/files/b.ts', 'renderer/features/login/one.ts', 'type'],
  ['features-reaches-not-up', 'renderer/features/files/b.ts', 'renderer/shell/one.ts', 'type'],
  ['workbench-reaches-not-up', 'renderer/workbench/b.ts', 'renderer/features/login/one.ts', 'value'],
  ['state-reaches-not-up', 'renderer/state/b.ts', 'renderer/workbench/one.ts', 'value'],
  ['ui-reaches-not-up', 'renderer/ui/b.ts', 'renderer/features/login/one.ts', 'type'],
  ['what-lib-may-know', 'electron/lib/b.ts', 'electron/clusters/one.ts', 'type'],
  ['what-host-contract-may-know', 'electron/host-contract/b.ts', 'electron/session-host/one.ts', 'type'],
  ['what-ssh-may-know', 'electron/ssh/b.ts', 'electron/teleport/connect/one.ts', 'value'],
  ['what-teleport-may-know', 'electron/teleport/auth/b.ts', 'electron/clusters/one.ts', 'type'],
  ['what-telemetry-may-know', 'electron/telemetry/b.ts', 'electron/teleport/auth/one.ts', 'value'],
  ['what-settings-may-know', 'electron/settings/b.ts', 'electron/clusters/one.ts', 'value'],
  ['what-cli-may-know', 'electron/cli/b.ts', 'electron/ssh/one.ts', 'value'],
  ['what-clusters-may-know', 'electron/clusters/b.ts', 'electron/session-host/one.ts', 'type'],
  ['what-requests-may-know', 'electron/requests/b.ts', 'electron/session-host/one.ts', 'value'],
  ['what-session-host-may-know', 'electron/session-host/b.ts', 'electron/clusters/one.ts', 'type'],
  [
    'local-ports-gateways-stand-alone',
    'electron/session-host/local-ports/gateways/b.ts',
    'electron/session-host/local-ports/forwards/one.ts',
    'type',
  ],
  [
    'local-ports-forwards-stand-alone',
    'electron/session-host/local-ports/forwards/b.ts',
    'electron/session-host/local-ports/gateways/one.ts',
    'type',
  ],
  [
    'local-ports-listening-stand-alone',
    'electron/session-host/local-ports/listening/b.ts',
    'electron/session-host/local-ports/kinds/one.ts',
    'value',
  ],
  ['what-app-may-know', 'electron/app/b.ts', 'electron/hosts/one.ts', 'type'],
  ['what-hosts-may-know', 'electron/hosts/b.ts', 'electron/session-host/one.ts', 'value'],
  ['generated-code-stays-on-the-wire', 'electron/app/b.ts', 'proto/gen/one.ts', 'value'],
  ['nothing-imports-tests', 'electron/app/b.ts', 'test/support/one.ts', 'type'],
];

const one = 'export const a = 1;\nexport type A = 1;';
const uses = (path: string, kind: Kind = 'value') =>
  kind === 'value' ? `import { a } from '${path}';\nexport const used = a;` : `import type { A } from '${path}';\nexport type Used = A;`;

const good = {
  'tsconfig.json': '{}',
  'shared/a.ts': one,
  'electron/main.ts': uses('../shared/a.ts'),
  'electron/lib/one.ts': one,
  'electron/teleport/auth/one.ts': `${uses('../../lib/one.ts')}\n${one}`,
  'electron/clusters/login/one.ts': uses('../../teleport/auth/one.ts'),
  'renderer/ui/one.ts': one,
  'renderer/features/files/one.ts': uses('../../ui/one.ts'),
};
const circle = (name: string, kind: Kind) => ({
  [`electron/lib/${name}-1.ts`]: `${uses(`./${name}-2.ts`, kind)}\n${one}`,
  [`electron/lib/${name}-2.ts`]: `${uses(`./${name}-1.ts`, kind)}\n${one}`,
});
/** The wrong import of each rule in a file of its own, named after the rule. */
const fileOf = (rule: string, from: string) => `${dirname(from)}/${rule}.ts`;

/** Which rules each file of a project breaks: "rule file". */
function broken(files: Record<string, string>): string[] {
  const project = mkdtempSync(join(tmpdir(), 'slipway-layers-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))].filter((folder) => folder !== 'tsconfig.json');
    const { stdout } = spawnSync(process.execPath, [cruiser, '--config', join(root, 'build/layers.cjs'), '--output-type', 'json', ...folders], {
      cwd: project,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    return summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
  } finally {
    rmSync(project, { recursive: true });
  }
}

let found: string[];
beforeAll(() => {
  const files: Record<string, string> = {
    ...good,
    ...circle('values', 'value'),
    ...circle('types', 'type'),
    'shared/os.ts': "import 'node:os';",
    'electron/teleport/fs.ts': "import 'node:fs';",
  };
  for (const [rule, from, to, kind] of wrong) {
    files[fileOf(rule, from)] = uses(`${'../'.repeat(from.split('/').length - 1)}${to}`, kind);
    files[to] ??= one;
  }
  found = broken(files);
}, 60_000);

test('a project that keeps to the rules breaks none', () => expect(broken(good)).toEqual([]), 60_000);

test.each(wrong)('%s: %s may not import %s, as a %s', (rule, from) => expect(found).toContain(`${rule} ${fileOf(rule, from)}`));

test.each(['values', 'types'])('a circle of %s is refused', (name) =>
  expect(found).toContainEqual(expect.stringContaining(`no-cycles electron/lib/${name}`)),
);

test('Node’s own modules stay where they belong', () => {
  expect(found).toContain('protocols-have-no-file-system electron/teleport/fs.ts');
  expect(found).toContain('shared-is-not-node shared/os.ts');
});
