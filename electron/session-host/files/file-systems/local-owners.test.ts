import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../../test/support/temp-folder.ts';
import { LocalFileSystem } from './local-file-system.ts';
import { LocalOwners } from './local-owners.ts';

test('names come from the files, the first of a number first, and what no line says stays a number', async () => {
  const temp = await tempFolder();
  const [passwd, group] = ['passwd', 'group'].map((name) => join(temp.path, name)) as [string, string];
  writeFileSync(passwd, '# people\n+nis::::::\nada:x:4242:7:Ada:/home/ada:/bin/sh\nother:x:4242:7::/:\nno number:x:x:1::/:\n\nhalf:x:99');
  writeFileSync(group, 'staff:x:77:ada\n');
  const owners = new LocalOwners(passwd, group);
  expect([owners.user(4242), owners.user(99), owners.user(424_242), owners.group(77), owners.group(78)]).toEqual([
    'ada',
    '99',
    '424242',
    'staff',
    '78',
  ]);
  writeFileSync(passwd, 'eve:x:4242:7::/:\n');
  expect(owners.user(4242)).toBe('ada');
  await temp.remove();
  expect(new LocalOwners(passwd, group).group(77)).toBe('77');
});

test.skipIf(process.platform !== 'linux')('a listing names owners as stat(1) does', async () => {
  const folder = ['/etc', '/var'].flatMap((path) => readdirSync(path).map((name) => join(path, name))).slice(0, 200);
  const said = execFileSync('stat', ['-c', '%U %G', ...folder], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  const fileSystem = new LocalFileSystem();
  const ours = await Promise.all(folder.map((path) => fileSystem.lstat(path)));
  const known = said
    .map((names, index) => ({ names, ours: `${ours[index]!.owner} ${ours[index]!.group}` }))
    .filter(({ names }) => !/UNKNOWN/.test(names));
  expect(known.length).toBeGreaterThan(0);
  expect(known.map((one) => one.ours)).toEqual(known.map(({ names }) => names));
});
