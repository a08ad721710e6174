import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { usageEventNames } from '../../shared/model/telemetry.ts';
import { emitters } from './emitters.ts';
import { fieldSchemas, readStamped, toOutgoing, type UsageEvent } from './events.ts';

const facts = { name: 'teleport.example.com', user: 'alice@example.com', authClusterId: 'e4f80f77-1b3c-4bb2-9d1e-0f6d0c7a2b51' };
const environment = { arch: 'x64', os: 'linux', osVersion: '6.1.0', appVersion: '0.1.0' };
const cluster = 'alice@teleport.example.com:443';

const { root } = protobuf.parse(readFileSync(new URL('../../proto/prehog/v1alpha/connect.proto', import.meta.url), 'utf8'), { keepCase: true });
const request = root.lookupType('prehog.v1alpha.SubmitConnectEventRequest');
const schemaEvents = request.oneofs.event?.oneof ?? [];

test('every event of the schema has an emitter, or a word on why there is none', () => {
  expect(schemaEvents).toHaveLength(9);
  expect([...usageEventNames].sort()).toEqual([...schemaEvents].sort());
  expect(Object.keys(emitters).sort()).toEqual([...schemaEvents].sort());
  for (const entry of Object.values(emitters)) expect('from' in entry ? entry.from : entry.notApplicable).toMatch(/\w{3}/);
});

test('the fields of every event are the schema’s, by name and type', () => {
  for (const name of usageEventNames) {
    const type = root.lookupType(`prehog.v1alpha.${request.fields[name]?.type}`);
    const fields: Record<string, unknown> = { ...toOutgoing(examples[name], facts, environment)?.fields };
    expect(Object.keys(fieldSchemas[name].shape), name).toEqual(type.fieldsArray.map((field) => field.name));
    for (const field of type.fieldsArray)
      expect(typeof fields[field.name], `${name}.${field.name}`).toBe(field.type === 'bool' ? 'boolean' : field.type);
  }
});

const examples: { [N in UsageEvent['event']]: Extract<UsageEvent, { event: N }> } = {
  cluster_login: { event: 'cluster_login', cluster, connector: 'local' },
  protocol_use: { event: 'protocol_use', cluster, protocol: 'ssh', origin: 'search_bar', through: 'proxy_service' },
  access_request_create: { event: 'access_request_create', cluster, resources: 2 },
  access_request_review: { event: 'access_request_review', cluster },
  access_request_assume_role: { event: 'access_request_assume_role', cluster },
  file_transfer_run: { event: 'file_transfer_run', cluster, upload: true },
  user_job_role_update: { event: 'user_job_role_update', role: 'DevOps Engineer' },
  connect_my_computer_setup: { event: 'connect_my_computer_setup', cluster, failedStep: 'joining_cluster' },
  connect_my_computer_agent_start: { event: 'connect_my_computer_agent_start', cluster },
};

test('no event holds a plain name', () => {
  for (const example of Object.values(examples))
    expect(JSON.stringify(toOutgoing(example, facts, environment))).not.toMatch(/alice|teleport|example/);
});

test('a login says where it comes from', () => {
  expect(toOutgoing(examples.cluster_login, facts, environment)?.fields).toMatchObject({
    connector_type: 'local',
    arch: 'x64',
    os: 'linux',
    os_version: '6.1.0',
    app_version: '0.1.0',
  });
});

test('a request for resources counts as one, whatever roles it names', () => {
  const kind = (resources: number) => toOutgoing({ event: 'access_request_create', cluster, resources }, facts, environment)?.fields;
  expect(kind(1)).toMatchObject({ kind: 'resource' });
  expect(kind(0)).toMatchObject({ kind: 'role' });
});

test('a failed step is a setup without success', () => {
  expect(toOutgoing(examples.connect_my_computer_setup, facts, environment)?.fields).toMatchObject({
    success: false,
    failed_step: 'joining_cluster',
  });
  expect(toOutgoing({ ...examples.connect_my_computer_setup, failedStep: '' }, facts, environment)?.fields).toMatchObject({
    success: true,
    failed_step: '',
  });
});

test('a job role needs no cluster; everything else does', () => {
  expect(toOutgoing(examples.user_job_role_update, null, environment)).toEqual({
    event: 'user_job_role_update',
    fields: { job_role: 'DevOps Engineer' },
  });
  expect(toOutgoing(examples.cluster_login, null, environment)).toBeNull();
});

test('what is read back is an event of the schema with hashes for names, or nothing', () => {
  const stamp = { id: 'a', time: 5, distinctId: '' };
  const outgoing = toOutgoing(examples.protocol_use, facts, environment);
  const whole = { ...stamp, ...outgoing, fields: { ...outgoing?.fields } };
  expect(readStamped(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  const plain = { ...whole, fields: { ...whole.fields, user_name: 'alice@example.com' } };
  for (const bad of [
    null,
    [],
    'x',
    {},
    stamp,
    plain,
    { ...whole, event: 'constructor' },
    { ...whole, event: 'cluster_login' },
    { ...whole, time: -1 },
    { ...whole, fields: { ...whole.fields, more: 1 } },
  ])
    expect(readStamped(bad)).toBeNull();
});
