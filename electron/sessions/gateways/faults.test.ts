import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayWorld } from '../../../test/support/gateway-world.ts';
import { uncancelled } from '../../clusters/testing/service.ts';

let world: GatewayWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const tunnel = { kind: 'app', name: 'echo-tcp', targetPort: null };

async function say(port: number, text: string): Promise<{ answer: string; socket: Socket }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
  const answer = await Promise.race([once(socket, 'data').then(([data]) => String(data)), once(socket, 'close').then(() => '')]);
  return { answer, socket };
}

describe('what may go wrong', () => {
  it('the proxy drops fifty connections: they end, the port stays, new ones work', async () => {
    world = await GatewayWorld.start();
    const { port, id } = await world.open(tunnel);
    const open = await Promise.all(Array.from({ length: 50 }, () => say(port!, 'x')));
    const ends = open.map(({ socket }) => once(socket, 'close'));
    world.cluster.dropConnections();
    await Promise.all(ends);
    await world.until(id, ({ clients }) => clients === 0);
    const { answer, socket } = await say(port!, 'still here');
    expect(answer).toBe('still here');
    socket.destroy();
    await world.until(id, ({ error }) => error === null);
  }, 60_000);

  it('a certificate of a few seconds runs out: what is open is closed with the login, a new login goes on, on the same port', async () => {
    world = await GatewayWorld.start({ sessionTtl: 8000 });
    const { port, id, expires } = await world.open(tunnel);
    expect(expires! - Date.now()).toBeLessThan(8000);
    const { socket } = await say(port!, 'x');
    await once(socket, 'close');
    expect(Date.now() - expires!).toBeLessThan(5000);
    await world.until(id, ({ error }) => error?.code === 'expired');
    const waiting = say(port!, 'after');
    await world.until(id, ({ wants }) => wants === 'login');
    await world.login();
    const { answer, socket: again } = await waiting;
    expect(answer).toBe('after');
    again.destroy();
    expect(world.row(id).port).toBe(port);
  }, 60_000);

  it('a login renewed before its end changes nothing for what is open, and new connections get a new certificate', async () => {
    let offset = 0;
    world = await GatewayWorld.start({ sessionTtl: 60 * 60_000 }, () => Date.now() + offset);
    const { port, id, expires } = await world.open(tunnel);
    const { socket } = await say(port!, 'x');
    offset = 50 * 60_000;
    await world.login();
    expect(socket.closed).toBe(false);
    // The first certificate has run out by now, the login has not.
    offset = 61 * 60_000;
    const next = await say(port!, 'new');
    expect(next.answer).toBe('new');
    expect(world.row(id).expires).toBeGreaterThan(expires!);
    socket.write('old');
    expect(String((await once(socket, 'data'))[0])).toBe('old');
    socket.destroy();
    next.socket.destroy();
  }, 60_000);

  it('half-open programs, silence and a thousand connects at once do no harm', async () => {
    world = await GatewayWorld.start();
    const { port, id } = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    const silent = Array.from({ length: 1000 }, () => connect(port!, '127.0.0.1').on('error', () => {}));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const { answer, socket } = await say(port!, 'in between');
    expect(answer).toBe('in between');
    socket.destroy();
    for (const one of silent) one.destroy();
    await world.until(id, ({ clients }) => clients === 0);
  }, 60_000);

  it('a second factor for each session is explained', async () => {
    world = await GatewayWorld.start({ users: [{ name: 'carol', password: 'x', roles: ['careful'] }] });
    await world.login('carol');
    await expect(world.open(tunnel)).rejects.toMatchObject({ code: 'session-mfa', message: expect.stringMatching(/second factor/) });
    await expect(world.open({ kind: 'kube', name: 'demo-kube' })).rejects.toMatchObject({ code: 'session-mfa' });
  }, 60_000);

  it('a cluster that cannot be reached is said at the opening, and comes back by itself', async () => {
    world = await GatewayWorld.start();
    world.cluster.setFaults({ drop: ['rpc'] });
    await expect(world.open(tunnel)).rejects.toMatchObject({ code: expect.stringMatching(/offline|unreachable/) });
    world.cluster.setFaults({});
    const row = await world.open(tunnel);
    expect(row.state).toBe('open');
    await world.connections.calls['connections.close']({ id: row.id }, uncancelled);
    expect(world.row(row.id)).toMatchObject({ state: 'closed', port: row.port });
  }, 60_000);
});
