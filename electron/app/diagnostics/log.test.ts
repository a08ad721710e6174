import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { openLog, serverLog } from './log.ts';
import { LogNames } from './log-names.ts';
import { RotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = () => readFileSync(join(folder, 'main.log'), 'utf8');
const lines = () =>
  text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a line has its time, level, fields and message', () => {
  openLog({ folder, name: 'main', names: new LogNames() }).warn({ host: 'proxy.example', tries: 2 }, 'unreachable');
  expect(lines()).toEqual([{ time: expect.stringMatching(/^\d{4}-.*Z$/), level: 'warn', host: 'proxy.example', tries: 2, msg: 'unreachable' }]);
  expect(statSync(join(folder, 'main.log')).mode & 0o777).toBe(0o600);
});

const pem = '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2hunter2\n-----END OPENSSH PRIVATE KEY-----';
const cut = '-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2';

test.each([
  [{ password: 'hunter2' }, ''],
  [{ deep: { er: [{ privateKey: 'hunter2', second_factor_token: 'hunter2', totp: 'hunter2', user_password: 'hunter2' }] } }, ''],
  [{ headers: { authorization: 'Bearer hunter2', Cookie: 'hunter2' } }, ''],
  [{ ticket: { login: 'root', key: 'hunter2' } }, ''],
  [{ note: pem }, ''],
  [{ note: cut }, pem],
  [{ bytes: Buffer.from('hunter2') }, 'GET /x?token=hunter2&y=1'],
  [{ err: new Error(`bad ${pem}`, { cause: Object.assign(new Error('Bearer hunter2hunter2'), { config: { password: 'hunter2' } }) }) }, ''],
  [new Error(`bad ${cut}`), ''],
  [{ session: { sessionToken: ['hunter2'], passwd: { x: 'hunter2' }, clientKey: null } }, 'Authorization: Basic hunter2hunter2'],
])('secrets do not reach the file (%#)', (fields, message) => {
  openLog({ folder, name: 'main', names: new LogNames() }).error(fields, message);
  openLog({ folder, name: 'main', names: new LogNames() }).error(fields);
  openLog({ folder, name: 'main', names: new LogNames() }).info(message);
  expect(text()).not.toMatch(/hunter2|aHVudGVyMg|104,117/);
});

test('an error is there with its code, stack and causes', () => {
  const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
  serverLog(openLog({ folder, name: 'main', names: new LogNames() })).failed('call x', new AppError('unreachable', 'The proxy is away.', { cause }));
  expect(lines()[0]).toMatchObject({
    level: 'error',
    what: 'call x',
    err: { message: 'The proxy is away.', code: 'unreachable', stack: expect.stringContaining('log.test'), cause: { code: 'ECONNREFUSED' } },
  });
});

test('anything can be logged, one line each', () => {
  const log = openLog({ folder, name: 'main', names: new LogNames() });
  const circular: Record<string, unknown> = { big: 1n, f() {}, m: new Map() };
  circular.self = circular;
  log.info(circular, 'x'.repeat(100_000));
  expect(text().length).toBeLessThan(20_000);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
      const before = text().split('\n').length;
      log.info(fields, 'm');
      expect(text().split('\n').length).toBe(before + 1);
    }),
    { numRuns: 50 },
  );
});

test('a full file is set aside and the oldest goes', () => {
  const file = new RotatingFile({ path: join(folder, 'x.log'), maxBytes: 100, older: 2 });
  for (let index = 0; index < 100; index++) file.write(`line ${index}\n`);
  file.close();
  expect(readdirSync(folder).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
  expect(readFileSync(join(folder, 'x.log'), 'utf8')).toMatch(/line 99\n$/);
});

test('a folder that cannot be written is survived', () => {
  const file = new RotatingFile({ path: '/dev/null/x/y.log' });
  expect(() => file.write('line\n')).not.toThrow();
});
