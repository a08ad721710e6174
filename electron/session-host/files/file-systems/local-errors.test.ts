import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localError } from './local-errors.ts';
import { LocalFileSystem } from './local-file-system.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-local-errors-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a link’s target or a name with a NUL is refused in words', async () => {
  const fileSystem = new LocalFileSystem();
  const refused = { code: 'invalid-argument', message: expect.stringMatching(/holds a character that no file name can have\.$/) };
  await expect(fileSystem.makeLink(join(folder, 'link'), '/etc/pass\0wd')).rejects.toMatchObject(refused);
  await expect(fileSystem.lstat(join(folder, 'a\0b'))).rejects.toMatchObject(refused);
});

it.each(['ERR_OUT_OF_RANGE', 'ERR_FS_EISDIR', '', 'rm -rf'])('an unknown code %j is not shown', (code) => {
  expect(localError(Object.assign(new Error('raw'), { code }), '/x').message).toBe('On this computer, /x: it did not work.');
});
