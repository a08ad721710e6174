import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GatewayWorld, runProgram } from '../../../test/support/gateway-world.ts';
import { have } from '../../../test/support/have.ts';
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
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.once('close', () => resolve(''));
  });
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

  it('the proxy restarts under fifty connections: what is tried meanwhile is explained, and afterwards it goes on', async () => {
    world = await GatewayWorld.start();
    const { port, id } = await world.open(tunnel);
    const open = await Promise.all(Array.from({ length: 50 }, () => say(port!, 'x')));
    const ends = open.map(({ socket }) => once(socket, 'close'));
    const comeBack = await world.cluster.goDown();
    await Promise.all(ends);
    expect((await say(port!, 'anybody there?')).answer).toBe('');
    expect((await world.until(id, ({ error }) => error)).error).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/Nothing answers/),
    });
    expect(world.row(id).state).toBe('open');
    await comeBack();
    const again = await Promise.all(Array.from({ length: 50 }, () => say(port!, 'y')));
    expect(again.map(({ answer }) => answer)).toEqual(Array(50).fill('y'));
    await world.until(id, ({ error }) => error === null);
    for (const { socket } of again) socket.destroy();
  }, 60_000);

  it.skipIf(!have('psql'))(
    'certificates of 20 seconds run out under connections and in the middle of a query: all end within 5 s, a new login goes on, on the same port',
    async () => {
      world = await GatewayWorld.start({ sessionTtl: 20_000 });
      const { port, id, expires } = await world.open({ kind: 'database', name: 'shop-postgres', user: 'reader' });
      const url = `postgres://reader@127.0.0.1:${port}/shop`;
      expect((await runProgram('psql', [url, '-Atc', 'select 1'])).out).toBe('1\n');
      expect(expires! - Date.now()).toBeLessThan(20_000);
      const other = await world.open(tunnel);
      const idle = await Promise.all(Array.from({ length: 20 }, () => say(other.port!, 'x')));
      const closed = idle.map(({ socket }) => once(socket, 'close'));
      const asking = await runProgram('psql', [url, '-Atc', 'select pg_sleep(60)'], {}, { ms: 50_000 });
      expect(asking.err).toMatch(/server closed the connection unexpectedly|connection to server was lost/);
      await Promise.all(closed);
      expect(Date.now() - expires!).toBeLessThan(5000);
      const why = (await world.until(id, ({ error }) => error)).error;
      expect(why).toMatchObject({ code: 'expired', message: expect.stringMatching(/login on this cluster has ended.*Log in again/) });
      const waiting = runProgram('psql', [url, '-Atc', 'select 2']);
      await world.until(id, ({ wants }) => wants === 'login');
      await world.login();
      expect((await waiting).out).toBe('2\n');
      expect(world.row(id)).toMatchObject({ port, wants: null, error: null });
    },
    90_000,
  );

  it('after a night’s sleep, by an injected clock: dead connections end, the port stays, and the first program waits for the login', async () => {
    let offset = 0;
    world = await GatewayWorld.start({ sessionTtl: 60 * 60_000 }, () => Date.now() + offset);
    const { port, id } = await world.open(tunnel);
    const { socket } = await say(port!, 'x');
    const ended = once(socket, 'close');
    const woke = performance.now();
    offset = 9 * 60 * 60_000;
    const waiting = say(port!, 'good morning');
    await ended;
    expect(performance.now() - woke).toBeLessThan(5000);
    await world.until(id, ({ wants }) => wants === 'login');
    const { questions } = world.main.service;
    const reason = 'so that the program that uses echo-tcp can go on';
    await vi.waitFor(() => expect(questions.get()).toMatchObject([{ kind: 'login', cluster: world?.key, reason }]));
    await world.login();
    const { answer, socket: again } = await waiting;
    expect(questions.get()).toEqual([]);
    expect(answer).toBe('good morning');
    again.destroy();
    expect(world.row(id).port).toBe(port);
  }, 60_000);

  it('after a change of the network nobody says anything any more: a new connection takes the new way at once', async () => {
    world = await GatewayWorld.start();
    const { port, id } = await world.open(tunnel);
    const { socket } = await say(port!, 'x');
    world.cluster.dropConnections();
    world.cluster.setFaults({ drop: ['rpc'] });
    // No certificate is asked for: the one that is there is good.
    const next = await say(port!, 'elsewhere');
    expect(next.answer).toBe('elsewhere');
    next.socket.destroy();
    socket.destroy();
    expect(world.row(id).state).toBe('open');
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

  it('ten thousand connects in a row, most of them gone again, do no harm', async () => {
    world = await GatewayWorld.start();
    for (const target of [{ kind: 'database', name: 'echo-mongo', user: 'reader' }, tunnel]) {
      const { port, id } = await world.open(target);
      let done = 0;
      const one = () =>
        new Promise<void>((resolve) => {
          const socket = connect(port!, '127.0.0.1');
          const end = () => {
            done++;
            socket.destroy();
            resolve();
          };
          socket.once('connect', end);
          socket.once('error', end);
        });
      for (let wave = 0; wave < 20; wave++) await Promise.all(Array.from({ length: 500 }, one));
      expect(done).toBe(10_000);
      const { answer, socket } = await say(port!, 'in between');
      expect(answer).toBe('in between');
      socket.destroy();
      await world.until(id, ({ clients }) => clients === 0, 20_000);
    }
  }, 120_000);

  it('a thousand programs that connect and say nothing, or only half close, keep nobody else out', async () => {
    world = await GatewayWorld.start();
    const { port, id } = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    const silent = Array.from({ length: 1000 }, () => connect({ port: port!, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {}));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const { answer, socket } = await say(port!, 'in between');
    expect(answer).toBe('in between');
    const halves = silent.slice(0, 500);
    const ends = halves.map((half) => once(half.resume(), 'close'));
    for (const half of halves) half.end();
    await Promise.all(ends);
    await world.until(id, ({ clients }) => clients === 501);
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
