import { expect, test } from 'vitest';
import type { AppOptions, DatabaseOptions } from '../../../shared/model/gateway.ts';
import { appChoices, databaseChoices } from './connect-choices.ts';

const database: DatabaseOptions = {
  protocol: 'postgres',
  users: ['alice', 'reader'],
  anyUser: false,
  optionalUser: false,
  autoUser: false,
  databases: ['shop'],
  anyDatabase: false,
  problem: null,
};
const app: AppOptions = {
  kind: 'http',
  gateway: true,
  launchUrl: 'https://tele.example.com/web/launch/x',
  awsRoles: [],
  targetPorts: [],
  problem: null,
};
const users = (options: Partial<DatabaseOptions>, filter = '') =>
  databaseChoices({ ...database, ...options }, filter).map(({ act }) => (act.do === 'database' ? act.user : act.do));
const titles = (options: Partial<AppOptions>, filter = '') => appChoices({ ...app, ...options }, filter).map(({ title }) => title);

test('users of a database: filtered, as typed where any may be, none where that means the default', () => {
  expect(users({})).toEqual(['alice', 'reader']);
  expect(users({}, 'READ')).toEqual(['reader']);
  expect(users({}, 'mallory')).toEqual([]);
  expect(users({ anyUser: true }, ' bob ')).toEqual(['bob']);
  expect(users({ anyUser: true }, 'alice')).toEqual(['alice']);
  expect(users({ users: [], optionalUser: true })).toEqual(['']);
  expect(users({ users: [], problem: 'Not here.' })).toEqual([]);
  expect(databaseChoices(database, '')[0]?.act).toMatchObject({ database: 'shop' });
});

test('ways to an app', () => {
  expect(titles({})).toEqual(['Open in browser', 'Open a local address']);
  expect(titles({ kind: 'saml', gateway: false })).toEqual(['Log in']);
  const ports = [
    { port: 80, endPort: 80 },
    { port: 90, endPort: 99 },
  ];
  expect(titles({ kind: 'tcp', launchUrl: '', targetPorts: ports })).toEqual(['Connect to port 80', 'Connect to port 90']);
  const awsRoles = ['Admin', 'Billing'].map((name) => ({ name, arn: `arn:${name}`, account: '1', launchUrl: 'https://x/' }));
  expect(titles({ kind: 'aws', gateway: false, launchUrl: '', awsRoles }, 'bill')).toEqual(['Billing']);
  expect(titles({ kind: 'cloud', gateway: false, launchUrl: '', problem: 'Use tsh.' })).toEqual([]);
});
