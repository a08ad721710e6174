import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWorld } from '../../../../test/support/gateway-world.ts';
import { have } from '../../../../test/support/have.ts';
import { uncancelled } from '../../../clusters/testing/service.ts';
import { PingFrames } from '../../../teleport/connect/ping-frames.ts';
import { joinSockets } from './join-sockets.ts';

interface Step {
  dir: 'c2s' | 's2c' | 'both';
  what: string;
  hex?: string;
  fields?: { status: number; headers: Record<string, string | string[]>; body: string };
}
const recorded = (name: string): Step[] =>
  (JSON.parse(readFileSync(new URL(`../../../../test/vectors/ssh/${name}.json`, import.meta.url), 'utf8')) as { steps: Step[] }).steps;
const bytesOf = (steps: readonly Step[]) => Buffer.concat(steps.map(({ hex = '' }) => Buffer.from(hex, 'hex')));
const framed = (bytes: Buffer) => new PingFrames().encode(bytes);

async function read(stream: Duplex, length: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < length) {
    const piece = stream.read() as Buffer | null;
    if (piece) bytes = Buffer.concat([bytes, piece]);
    else await once(stream, 'readable');
  }
  if (bytes.length > length) stream.unshift(bytes.subarray(length));
  return bytes.subarray(0, length);
}

describe.each(['db-postgres-psql', 'db-postgres-user-denied-rbac', 'db-postgres-user-unknown-in-database'])('%s, by the gateway', (name) => {
  const steps = recorded(name).filter(({ hex }) => hex);
  it('frames what psql said as it was framed, and hands psql what the proxy answered', async () => {
    const [program, local] = duplexPair();
    const [remote, proxy] = duplexPair();
    joinSockets({ local, remote, isFramed: true, onEnd: () => {} });
    for (let at = 0; at < steps.length; ) {
      const step = steps[at]!;
      if (step.dir === 'c2s') {
        const sent = Buffer.from(step.hex!, 'hex');
        program.write(sent);
        expect((await read(proxy, sent.length + 4)).equals(framed(sent))).toBe(true);
        at++;
        continue;
      }
      // Header and payload came in records of their own.
      const [header, payload] = steps.slice(at, at + 2).map(({ hex }) => Buffer.from(hex!, 'hex')) as [Buffer, Buffer];
      proxy.write(header);
      proxy.write(payload);
      expect((await read(program, payload.length)).equals(payload)).toBe(true);
      at += 2;
    }
    program.destroy();
    proxy.destroy();
  });
});

it('ping-framing: a minute of pings between is nothing to the program, nor a payload cut over records', async () => {
  const answers = recorded('ping-framing').filter(({ dir }) => dir === 's2c');
  const wire = bytesOf(answers);
  const expected = bytesOf(answers.slice(1, 2));
  for (const cut of [1, 3, 4, 5, 100, wire.length]) {
    const [program, local] = duplexPair();
    const [remote, proxy] = duplexPair();
    joinSockets({ local, remote, isFramed: true, onEnd: () => {} });
    for (let at = 0; at < wire.length; at += cut) proxy.write(wire.subarray(at, at + cut));
    const got = await read(program, expected.length);
    expect(got.equals(expected)).toBe(true);
    proxy.end();
    program.resume();
    await once(program, 'end');
  }
});

describe('the embedded cluster answers alike', () => {
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({
      roles: [{ name: 'vssh', description: '', labels: { db: { '*': ['*'] }, app: { '*': ['*'] } }, dbUsers: ['reader', 'pguser'], dbNames: ['*'] }],
      users: [{ name: 'vera', password: 'vera-vera-vera', roles: ['vssh'] }],
    });
    await world.login('vera');
  }, 60_000);
  afterAll(() => world.close());

  async function dialTarget(target: Record<string, unknown>): Promise<TLSSocket> {
    const full = { cluster: world.key, leaf: '', ...target };
    const { proxy, tls } = await world.main.service.tickets['ticket.gateway'](full as never, uncancelled);
    const socket = connectTls({ ...proxy, cert: tls.cert, key: tls.key, ALPNProtocols: tls.alpn, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return socket;
  }
  const types = (bytes: Buffer) => {
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) found.push(String.fromCharCode(bytes[at]!));
    return found.join('').replace(/S+/, 'S');
  };
  const withUser = (startup: Buffer, from: string, to: string) => {
    const text = startup.toString('latin1', 4).replace(`user\0${from}\0`, `user\0${to}\0`).replace('database\0bench', 'database\0shop');
    const made = Buffer.concat([Buffer.alloc(4), Buffer.from(text, 'latin1')]);
    made.writeUInt32BE(made.length);
    return made;
  };

  it.skipIf(!have('psql')).each([
    ['db-postgres-psql', 'vpg', 'reader'],
    ['db-postgres-user-denied-rbac', 'nosuch', 'nosuch'],
    ['db-postgres-user-unknown-in-database', 'pguser', 'pguser'],
  ])(
    '%s',
    async (name, from, to) => {
      const steps = recorded(name).filter(({ hex, what }) => hex && !what.startsWith('ping frame'));
      const [request, refusal, startup, answer] = steps.map(({ hex }) => Buffer.from(hex!, 'hex')) as [Buffer, Buffer, Buffer, Buffer];
      const socket = await dialTarget({ kind: 'database', name: 'shop-postgres', user: 'reader' });
      expect(socket.alpnProtocol).toBe('teleport-postgres-ping');
      socket.write(framed(request));
      expect(await read(socket, 5)).toEqual(framed(refusal));
      socket.write(framed(withUser(startup, from, to)));
      const head = await read(socket, 5);
      const rest = await read(socket, head.readUInt32BE(0) - 1);
      const got = Buffer.concat([head.subarray(4), rest]);
      if (name === 'db-postgres-psql') expect(types(got)).toBe(types(answer));
      else expect(got.toString('latin1')).toBe(answer.toString('latin1'));
      socket.destroy();
    },
    60_000,
  );

  it('ping-framing: a StartupMessage cut over two frames, with a ping of the client between', async () => {
    const [first, , answer] = recorded('ping-framing').map(({ hex = '' }) => Buffer.from(hex, 'hex')) as [Buffer, Buffer, Buffer];
    const startup = withUser(Buffer.concat(new PingFrames().decode(first).data), 'vpg', 'reader');
    const socket = await dialTarget({ kind: 'database', name: 'shop-postgres', user: 'reader' });
    socket.write(Buffer.concat([framed(startup.subarray(0, 10)), Buffer.alloc(4), framed(startup.subarray(10))]));
    const head = await read(socket, 5);
    const got = Buffer.concat([head.subarray(4), await read(socket, head.readUInt32BE(0) - 1)]);
    expect(types(got)).toBe(types(answer));
    socket.destroy();
  }, 30_000);

  it('app-http, through the gateway: what the app saw, a redirect and a cookie that are not rewritten', async () => {
    const { port } = await world.open({ kind: 'app', name: 'echo-web', targetPort: null });
    const ask = async (path: string) => {
      const [response] = (await once(get({ port: port!, host: '127.0.0.1', path, agent: false }), 'response')) as [IncomingMessage];
      let body = '';
      for await (const piece of response) body += piece;
      return { status: response.statusCode, headers: response.headers, body };
    };
    const answers = recorded('app-http').flatMap(({ fields }) => (fields?.status ? [fields] : []));
    const [hello, redirect, cookie] = [await ask('/hello?x=1'), await ask('/redir'), await ask('/cookie')];
    expect([hello.status, redirect.status, cookie.status]).toEqual(answers.map(({ status }) => status));
    const [seen, before] = [JSON.parse(hello.body), JSON.parse(answers[0]!.body)];
    expect([seen.method, seen.url]).toEqual([before.method, before.url]);
    expect(Object.keys(seen.headers).sort()).toEqual(Object.keys(before.headers).sort());
    for (const name of ['accept-encoding', 'x-forwarded-proto', 'x-forwarded-ssl', 'x-real-ip'])
      expect(seen.headers[name]).toBe(before.headers[name]);
    expect(seen.headers['x-forwarded-host']).toBe(`127.0.0.1:${port}`);
    const claims = (jwt: string) => Object.keys(JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString())).filter((key) => key !== 'jti');
    expect(claims(seen.headers['teleport-jwt-assertion']).sort()).toEqual(claims(before.headers['teleport-jwt-assertion']).sort());
    expect(redirect.headers.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x$/);
    expect(cookie.headers['set-cookie']![0]).toMatch(/^a=b; Secure; HttpOnly/);
  }, 30_000);
});
