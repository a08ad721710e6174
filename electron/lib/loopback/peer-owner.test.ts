import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ownersOf, PeerOwners } from './peer-owner.ts';
import { readAnswer, socketDiag } from './socket-diag.ts';

const isLinux = process.platform === 'linux';
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function pair(host = '127.0.0.1'): Promise<{ near: Socket; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as { port: number }).port, host);
  const [far] = (await once(server, 'connection')) as [Socket];
  closers.push(
    () => near.destroy(),
    () => far.destroy(),
    () => server.close(),
  );
  return { near, far };
}

describe.skipIf(!isLinux)('on Linux', () => {
  for (const [way, owners] of [
    ['asked about one connection', () => new PeerOwners()],
    ['by the tables', () => new PeerOwners(null)],
  ] as const) {
    it(`${way}: a program of this user is known, over IPv4 and as Java does it over mapped IPv6`, async () => {
      expect(await owners().isOwn((await pair()).far)).toBe(true);
      expect(await owners().isOwn((await pair('::ffff:127.0.0.1')).far)).toBe(true);
    });

    it(`${way}: a connection that nobody holds is refused`, async () => {
      const { near, far } = await pair();
      const { remotePort, localPort } = far;
      near.destroy();
      await once(near, 'close');
      expect(await owners().isOwn({ remotePort, localPort })).toBe(false);
      expect(await owners().isOwn({ remotePort: localPort, localPort: remotePort! + 1 })).toBe(false);
    });
  }

  it('is answered by the system here', () => expect(socketDiag()).not.toBeNull());

  it('others are refused, root is not', async () => {
    const { far } = await pair();
    expect(await new PeerOwners(() => 4711, undefined, 1000).isOwn(far)).toBe(false);
    expect(await new PeerOwners(() => 0, undefined, 1000).isOwn(far)).toBe(true);
  });

  it('a system that stops answering is asked for its tables', async () => {
    const { far } = await pair();
    const broken = () => {
      throw new Error('no file handle left');
    };
    expect(await new PeerOwners(broken).isOwn(far)).toBe(true);
  });
});

it('reads both tables', () => {
  const row = (from: string, to: string, uid: number, inode: number) =>
    `  12: ${from} ${to} 01 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000\n`;
  const mapped = '0000000000000000FFFF00000100007F';
  const owners = ownersOf(
    row('0100007F:1F90', '0100007F:0016', 1000, 5) + row(`${mapped}:1F91`, `${mapped}:0016`, 1001, 6) + row('0100007F:1F92', '0100007F:0016', 0, 0),
  );
  expect([...owners]).toEqual([
    ['1F90 0016', 1000],
    ['1F91 0016', 1001],
  ]);
});

it('takes an answer about another connection, or a listener, for nobody’s', () => {
  const answer = (state: number, port: number, other: number, inode = 7) => {
    const bytes = Buffer.alloc(88);
    bytes.writeUInt16LE(20, 4);
    bytes[17] = state;
    bytes.writeUInt16BE(port, 20);
    bytes.writeUInt16BE(other, 22);
    bytes.writeUInt32LE(1000, 80);
    bytes.writeUInt32LE(inode, 84);
    return bytes;
  };
  expect(readAnswer(answer(1, 5000, 6000), 5000, 6000)).toBe(1000);
  expect(readAnswer(answer(10, 5000, 6000), 5000, 6000)).toBeNull();
  expect(readAnswer(answer(1, 5000, 0), 5000, 6000)).toBeNull();
  expect(readAnswer(answer(1, 5000, 6000, 0), 5000, 6000)).toBeNull();
  const refusal = Buffer.alloc(36);
  refusal.writeUInt16LE(2, 4);
  refusal.writeInt32LE(-1, 16);
  expect(() => readAnswer(refusal, 5000, 6000)).toThrow();
});
