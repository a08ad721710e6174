import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moreRoots } from './more-roots.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-roots-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => {
  const warnings: string[] = [];
  const without = moreRoots({}, () => {});
  const roots = moreRoots({ NODE_EXTRA_CA_CERTS: file }, (message) => warnings.push(message));
  return { added: roots.slice(without.length), warnings };
};

test('all certificates of the file that the environment names', () => {
  const file = join(folder, 'roots.pem');
  writeFileSync(file, `# two of them\n${rootCertificates[0]}\n\n${rootCertificates[1]}\n`);
  expect(read(file)).toEqual({ added: rootCertificates.slice(0, 2), warnings: [] });
});

test.each<[string, (file: string) => void]>([
  ['missing', () => {}],
  ['a device without end', (file) => symlinkSync('/dev/zero', file)],
  ['a pipe that nobody writes to', (file) => void execFileSync('mkfifo', [file])],
  ['no certificate', (file) => writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')],
])('a file that is %s is named in a warning and left out', (_what, put) => {
  const file = join(folder, 'roots.pem');
  put(file);
  const { added, warnings } = read(file);
  expect(added).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining(`NODE_EXTRA_CA_CERTS (${file}) could not be read: `)]);
});
