import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWorld, runProgram } from '../../../test/support/gateway-world.ts';
import { have } from '../../../test/support/have.ts';
import { uncancelled } from '../../clusters/testing/service.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await GatewayWorld.start();
}, 60_000);
afterAll(() => world.close());

const postgres = (user = 'reader') => ({ kind: 'database', name: 'shop-postgres', user });
const psql = (url: string, sql: string, ms?: number) => runProgram('psql', [url, '-Atc', sql], {}, ms ? { ms } : {});

describe.skipIf(!have('psql') || !have('pgbench'))('PostgreSQL', () => {
  it('answers psql as the user, over the command that is shown', async () => {
    const row = await world.open(postgres());
    expect(row).toMatchObject({ state: 'open', protocol: 'postgres', title: 'shop-postgres as reader', address: `127.0.0.1:${row.port}` });
    const { id } = row;
    await world.connections.calls['connections.change-database']({ id, database: 'shop' }, uncancelled);
    const [command] = world.row(id).commands;
    expect(command).toMatchObject({ program: 'psql', installed: true, text: `psql postgres://reader@127.0.0.1:${row.port}/shop` });
    const answer = await runProgram(command!.program, [...command!.args, '-Atc', 'select current_user, count(*) from orders']);
    expect(answer).toMatchObject({ code: 0, out: 'reader|3\n' });
    expect(world.uses).toContainEqual({ cluster: world.key, protocol: 'db', origin: 'resource_table' });
    await world.until(id, ({ bytes, clients, totalClients }) => bytes.sent > 0 && bytes.received > 0 && clients === 0 && totalClients === 1);
  }, 60_000);

  it('is one row and one port however often it is opened', async () => {
    const [first, second] = [await world.open(postgres()), await world.open(postgres())];
    expect(second.id).toBe(first.id);
    expect(second.port).toBe(first.port);
  });

  it('passes the server’s refusals on, and those of the database', async () => {
    const row = await world.open(postgres());
    const denied = await psql(`postgres://alice@127.0.0.1:${row.port}/shop`, 'select 1');
    expect(denied.err).toMatch(/access to db denied/);
    expect((await psql(`postgres://reader@127.0.0.1:${row.port}/nowhere`, 'select 1')).err).toMatch(/database "nowhere" does not exist/);
    expect((await psql(`postgres://reader@127.0.0.1:${row.port}/shop?sslmode=require`, 'select 1')).err).toMatch(/server does not support SSL/);
  });

  it('carries pgbench on eight connections, and large copies whole', async () => {
    const { port } = await world.open(postgres('writer'));
    const shop = ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'writer', 'shop'];
    expect((await runProgram('pgbench', ['-i', '-q', '-s', '1', ...shop], {}, { ms: 60_000 })).code).toBe(0);
    const bench = await runProgram('pgbench', ['-n', '-S', '-M', 'prepared', '-c', '8', '-T', '2', ...shop], {}, { ms: 60_000 });
    expect(bench.out).toMatch(/number of failed transactions: 0/);
    const copied = await psql(
      `postgres://writer@127.0.0.1:${port}/shop`,
      "copy (select repeat('x', 1000) from generate_series(1, 30000)) to stdout",
      60_000,
    );
    expect(copied.out.length).toBe(30_000 * 1001);
  }, 120_000);

  it('can be interrupted', async () => {
    const { port } = await world.open(postgres());
    const running = runProgram('timeout', ['-s', 'INT', '1', 'psql', `postgres://reader@127.0.0.1:${port}/shop`, '-Atc', 'select pg_sleep(30)']);
    expect((await running).err).toMatch(/canceling statement|cancell?ed/i);
  });

  it('carries 200 connections at a time', async () => {
    const { port, id } = await world.open(postgres());
    const startup = Buffer.from('000000230003000075736572007265616465720064617461626173650073686f700000', 'hex');
    startup.writeUInt32BE(startup.length, 0);
    const sockets = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(port!, '127.0.0.1');
        await once(socket, 'connect');
        socket.write(startup);
        let seen = Buffer.alloc(0);
        for await (const data of socket.iterator({ destroyOnReturn: false })) {
          seen = Buffer.concat([seen, data as Buffer]);
          if (seen.includes(Buffer.from('5a0000000549', 'hex'))) break;
        }
        return socket;
      }),
    );
    await world.until(id, ({ clients }) => clients === 200);
    for (const socket of sockets) socket.destroy();
    await world.until(id, ({ clients }) => clients === 0);
  }, 60_000);
});

describe.skipIf(!have('redis-cli') || !have('redis-server'))('Redis', () => {
  it('answers redis-cli', async () => {
    const row = await world.open({ kind: 'database', name: 'cache-redis', user: '' });
    const [command] = row.commands;
    expect(await runProgram(command!.program, [...command!.args, 'SET', 'boat', 'sloop'])).toMatchObject({ code: 0, out: 'OK\n' });
    expect((await runProgram(command!.program, [...command!.args, 'GET', 'boat'])).out).toBe('sloop\n');
  });

  it('gives nothing to a web page that posts commands to it', async () => {
    const { port, id } = await world.open({ kind: 'database', name: 'cache-redis', user: '' });
    const curl = await runProgram('curl', ['-s', '-m', '3', '-d', 'SET stolen yes', `http://127.0.0.1:${port}/`]);
    expect(curl.out).toBe('');
    expect((await world.until(id, ({ error }) => error)).error?.message).toMatch(/web request/);
    expect((await runProgram('redis-cli', ['-p', `${port}`, 'EXISTS', 'stolen'])).out).toBe('0\n');
  });
});

describe.skipIf(!have('mariadb') || !have('mariadbd'))('MySQL', () => {
  it('answers the MariaDB client', async () => {
    const row = await world.open({ kind: 'database', name: 'ledger-mysql', user: 'reader' });
    const [command] = row.commands;
    expect(command!.program).toBe('mariadb');
    const answer = await runProgram(
      'mariadb',
      ['--no-defaults', ...command!.args, 'shop', '-N', '-e', 'select user(), item from orders'],
      {},
      { ms: 60_000 },
    );
    expect(answer.err).toBe('');
    expect(answer.out).toMatch(/^reader@.*\trope\n$/);
    const denied = await runProgram('mariadb', ['--no-defaults', '-u', 'root', '-h', '127.0.0.1', '-P', `${row.port}`, '-e', 'select 1']);
    expect(denied.err).toMatch(/access to db denied/);
  }, 90_000);
});

describe('any database', () => {
  it('is a tunnel for protocols without a server here', async () => {
    const { port } = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    const socket = connect(port!, '127.0.0.1');
    socket.write(Buffer.alloc(300_000, 7));
    let received = 0;
    for await (const data of socket) {
      received += (data as Buffer).length;
      if (received === 300_000) break;
    }
    expect(received).toBe(300_000);
  });

  it('keeps its port: taken, moved, remembered over a restart', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port: taken } = blocker.address() as { port: number };
    const target = { kind: 'database', name: 'echo-mongo', user: 'writer' };
    const refused = await world.open(target, { port: taken }).catch((error) => error);
    expect(refused).toMatchObject({ code: 'conflict', details: { port: taken, suggestion: expect.any(Number) } });
    const row = Object.values(world.connections.topic.get().rows).find(({ title }) => title === 'echo-mongo as writer')!;
    expect(row).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    const opened = await world.open(target, { port: refused.details.suggestion });
    expect(opened).toMatchObject({ id: row.id, state: 'open', port: refused.details.suggestion, error: null });
    const move = world.connections.calls['connections.change-port']({ id: row.id, port: taken }, uncancelled);
    await expect(move).rejects.toMatchObject({ code: 'conflict' });
    expect(world.row(row.id)).toMatchObject({ state: 'open', port: opened.port });
    blocker.close();
    await once(blocker, 'close');
    await world.connections.calls['connections.change-port']({ id: row.id, port: taken }, uncancelled);
    expect(world.row(row.id)).toMatchObject({ state: 'open', port: taken });

    await world.stopConnections();
    await world.startConnections();
    expect(world.row(row.id)).toMatchObject({ state: 'open', port: taken, clients: 0 });
    const socket = connect(taken, '127.0.0.1');
    socket.write('again');
    expect((await once(socket, 'data'))[0].toString()).toBe('again');
    socket.destroy();
    await world.connections.calls['connections.remove']({ id: row.id }, uncancelled);
    expect(world.connections.topic.get().rows[row.id]).toBeUndefined();
  });

  it('explains a program that speaks TLS, or something else, and goes on', async () => {
    const { port, id } = await world.open(postgres());
    const say = async (bytes: Buffer) => {
      const socket = connect(port!, '127.0.0.1');
      socket.on('error', () => {});
      socket.resume();
      socket.write(bytes);
      await once(socket, 'close');
    };
    await say(Buffer.from('160301020001000001fc0303', 'hex'));
    expect((await world.until(id, ({ error }) => error)).error?.message).toMatch(/speaks TLS.*sslmode=disable/);
    await say(Buffer.alloc(64, 255));
    await world.until(id, ({ error }) => /does not speak PostgreSQL/.test(error?.message ?? ''));
    expect((await psql(`postgres://reader@127.0.0.1:${port}/shop`, 'select 1')).out).toBe('1\n');
    await world.until(id, ({ error }) => error === null);
  });

  it('says what is not there, and what wants more proof', async () => {
    await expect(world.open({ kind: 'database', name: 'nope', user: 'reader' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(world.open(postgres(''))).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('refuses other users of this computer', async ({ skip }) => {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return skip();
    const { port, id } = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    const asNobody = await runProgram('runuser', [
      '-u',
      'nobody',
      '--',
      'sh',
      '-c',
      `echo hello | timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; cat >&3; cat <&3'`,
    ]);
    expect(asNobody.out).toBe('');
    await world.until(id, ({ error }) => error?.code === 'access-denied' && /Another user/.test(error.message));
  });
});
