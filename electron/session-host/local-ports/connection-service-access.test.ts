import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestDraftSchema } from '../../../shared/model/access-request.ts';
import { GatewayWorld } from '../../../test/support/gateway-world.ts';
import { Person } from '../../../test/support/request-person.ts';

let world: GatewayWorld;
let rita: Person;
beforeEach(async () => {
  world = await GatewayWorld.start({
    roles: [{ name: 'app-user', description: 'May ask for the operators’ apps', labels: { app: { env: ['*'] } }, request: { roles: ['dba'] } }],
    users: [{ name: 'olga', password: 'olga-opens-doors', roles: ['app-user'] }],
  });
  await world.login('olga');
  rita = await Person.logIn(world.cluster, 'rita');
}, 60_000);
afterEach(async () => {
  await rita.close();
  await world.close();
});

const app = { kind: 'app', name: 'echo-tcp', targetPort: null };
const database = { kind: 'database', name: 'echo-mongo', user: 'admin' };

async function said(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
  const [data] = await once(socket, 'data');
  expect(String(data)).toBe(text);
  return socket;
}

async function approved(): Promise<string> {
  const draft = requestDraftSchema.parse({ roles: ['dba'] });
  const { id } = await world.main.service.ask(world.key, '', (client) => client.requests.create({ user: 'olga', draft, now: Date.now() }));
  await rita.review(id, 'approve');
  return id;
}

describe('access that changes under open gateways', () => {
  it('an assumed request is used at once by new connections, and by a gateway that could not be opened before', async () => {
    const row = await world.open(app);
    const before = await said(row.port!, 'before');
    await expect(world.open(database)).rejects.toMatchObject({ code: 'not-found' });
    const id = await approved();
    await world.main.service.reissue(world.key, { assume: [id], drop: [] });
    const tickets = world.tickets.length;
    (await said(row.port!, 'after')).destroy();
    expect(world.tickets.slice(tickets)).toMatchObject([{ requests: [id] }]);
    before.write('still');
    expect(String((await once(before, 'data'))[0])).toBe('still');
    before.destroy();
    const opened = await world.open(database);
    (await said(opened.port!, 'rights')).destroy();
  }, 60_000);

  it('a download that goes on over an HTTP app is not cut by it, and the next request has the new rights', async () => {
    const row = await world.open({ kind: 'app', name: 'echo-web', targetPort: null });
    const { port } = row;
    const [events] = (await once(get({ port: port!, host: '127.0.0.1', path: '/events?endless', agent: false }), 'response')) as [IncomingMessage];
    await once(events, 'data');
    const id = await approved();
    await world.main.service.reissue(world.key, { assume: [id], drop: [] });
    const tickets = world.tickets.length;
    const [next] = (await once(get({ port: port!, host: '127.0.0.1', path: '/', agent: false }), 'response')) as [IncomingMessage];
    expect(next.resume().statusCode).toBe(200);
    expect(world.tickets.slice(tickets)).toMatchObject([{ requests: [id] }]);
    expect(events.destroyed).toBe(false);
    await once(events, 'data');
    events.on('error', () => {});
    const cut = new Promise((resolve) => events.once('close', resolve));
    await world.main.service.reissue(world.key, { assume: [], drop: [id] });
    await cut;
  }, 60_000);

  it('a request that is given back ends what rested on it, says why, and the rest goes on', async () => {
    const id = await approved();
    await world.main.service.reissue(world.key, { assume: [id], drop: [] });
    const row = await world.open(database);
    const socket = await said(row.port!, 'x');
    const dropped = performance.now();
    await Promise.all([once(socket, 'close'), world.main.service.reissue(world.key, { assume: [], drop: [id] })]);
    expect(performance.now() - dropped).toBeLessThan(5000);
    expect((await world.until(row.id, ({ error }) => error)).error).toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(/request/),
    });
    expect(world.row(row.id).state).toBe('open');
  }, 60_000);

  it('logging out ends what is open within five seconds and says why', async () => {
    const row = await world.open(app);
    const socket = await said(row.port!, 'x');
    const left = performance.now();
    await Promise.all([once(socket, 'close'), world.logout()]);
    expect(performance.now() - left).toBeLessThan(5000);
    expect((await world.until(row.id, ({ error }) => error)).error?.message).toMatch(/^You logged out of this cluster/);
  }, 60_000);
});
