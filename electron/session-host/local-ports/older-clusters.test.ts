import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayWorld, runProgram } from '../../../test/support/gateway-world.ts';
import { have } from '../../../test/support/have.ts';

let world: GatewayWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function hello(port: number): Promise<{ status: number; body: string }> {
  const [response] = (await once(get({ port, host: '127.0.0.1', path: '/hello', agent: false }), 'response')) as [IncomingMessage];
  let body = '';
  for await (const piece of response) body += piece;
  return { status: response.statusCode!, body };
}

async function firstBytes(port: number, text = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString('latin1');
}

describe.each(['14.3.3', '15.4.0', '16.4.0', '17.2.1', '18.0.0'])('Teleport %s', (serverVersion) => {
  it('opens web apps and TCP apps, whose session older servers want made first, and databases', async () => {
    world = await GatewayWorld.start({ serverVersion });
    const web = await world.open({ kind: 'app', name: 'echo-web', targetPort: null });
    expect(await hello(web.port!)).toMatchObject({ status: 200, body: expect.stringContaining('/hello') });
    const tcp = await world.open({ kind: 'app', name: 'many-ports', targetPort: 7003 });
    expect(await firstBytes(tcp.port!)).toBe('port 7003\n');
    const database = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    expect(await firstBytes(database.port!, 'hi')).toBe('hi');
  }, 60_000);
});

describe('without TLS routing', () => {
  it.skipIf(!have('kubectl'))(
    'Kubernetes is reached on the port that the proxy names',
    async () => {
      world = await GatewayWorld.start({ tlsRouting: false });
      const row = await world.open({ kind: 'kube', name: 'demo-kube' });
      const answer = await runProgram('kubectl', ['get', 'pods'], { KUBECONFIG: row.kube!.kubeconfig, HOME: world.main.folder });
      expect(answer).toMatchObject({ code: 0, err: '' });
      expect(answer.out).toMatch(/Running/);
    },
    60_000,
  );

  it('apps and databases are on the web port all the same', async () => {
    world = await GatewayWorld.start({ tlsRouting: false });
    const web = await world.open({ kind: 'app', name: 'echo-web', targetPort: null });
    expect((await hello(web.port!)).status).toBe(200);
    const tcp = await world.open({ kind: 'app', name: 'echo-tcp', targetPort: null });
    expect(await firstBytes(tcp.port!, 'ahoy')).toBe('ahoy');
    const database = await world.open({ kind: 'database', name: 'echo-mongo', user: 'reader' });
    expect(await firstBytes(database.port!, 'hi')).toBe('hi');
  }, 60_000);
});

describe.skipIf(!have('mariadbd'))('MySQL', () => {
  it('greets with the version that the cluster knows of the server', async () => {
    world = await GatewayWorld.start();
    const row = await world.open({ kind: 'database', name: 'ledger-mysql', user: 'reader' });
    expect(world.tickets.at(-1)!.tls.alpn).toEqual([
      'teleport-mysql-ping',
      `teleport-mysql-${Buffer.from('8.0.36-ledger').toString('base64')}`,
      'teleport-mysql',
    ]);
    expect((await firstBytes(row.port!)).slice(5, 19)).toBe('8.0.36-ledger\0');
  }, 60_000);
});
