import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportedFolder, titledFolder } from './shell-folder.ts';

test('the path of a file URL is the folder, whatever the host', () => {
  expect(reportedFolder('file://api-1/srv/app')).toBe('/srv/app');
  expect(reportedFolder('file:///home/ada/with%20space')).toBe('/home/ada/with space');
});

test('what is no path of a shell is nothing', () => {
  for (const data of [
    '',
    '/srv',
    'http://api-1/srv',
    'file://api-1',
    'file:///%zz',
    'file:///a%00b',
    'file:///a%0ab',
    `file:///${'a'.repeat(20_000)}`,
  ])
    expect(reportedFolder(data)).toBeNull();
});

test('any folder comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: 'grapheme' }).filter((text) => !/[\0-\x1f\x7f]/.test(text)),
      (text) => {
        expect(reportedFolder(`file://host/${encodeURIComponent(text)}`)).toBe(`/${text}`);
      },
    ),
  );
});

test.each([
  ['root@demo: ~/work', 'root', '~/work'],
  ['root@demo:~', 'root', '~'],
  ['ada@demo: /var/log with spaces', 'root', '/var/log with spaces'],
  ['postgres@demo: ~/data', 'root', null],
  ['vim: /etc/hosts', 'root', null],
  ['root@demo: something', 'root', null],
])('the title %s of %s', (title, login, folder) => {
  expect(titledFolder(title, login)).toBe(folder);
});
