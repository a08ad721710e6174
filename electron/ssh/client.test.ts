import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { hasSshd, type KeyType, type Sshd, type SshdOptions, startSshd } from '../../test/ssh/sshd.ts';
import type { SessionChannel, SessionEnd } from './channels/session-channel.ts';
import { connectSsh } from './client.ts';
import type { SshConnection } from './connection.ts';
import { Client } from './ssh2.ts';

const keyTypes: KeyType[] = ['ed25519', 'ecdsa', 'rsa'];

async function connect(sshd: Sshd, changes: Partial<Parameters<typeof connectSsh>[0]> = {}): Promise<SshConnection> {
  return connectSsh({
    sock: await sshd.connect(),
    login: sshd.login,
    identity: sshd.identity(),
    hostCas: sshd.hostCas,
    hostPrincipal: 'node',
    ...changes,
  });
}

interface Outcome extends SessionEnd {
  out: string;
  errors: string;
  bytes: number;
}

function read(session: SessionChannel): Promise<Outcome> {
  const outcome = { out: '', errors: '', bytes: 0 };
  session.onData((data, isError) => {
    outcome.bytes += data.length;
    if (outcome.bytes < 100_000) outcome[isError ? 'errors' : 'out'] += data.toString();
    session.consumed(data.length);
  });
  return new Promise((resolve) => session.onEnd((end) => resolve({ ...outcome, ...end })));
}

const run = async (connection: SshConnection, command: string) => read(await connection.exec(command));

async function refusal(options: SshdOptions, changes: Partial<Parameters<typeof connectSsh>[0]> = {}): Promise<AppError> {
  const sshd = await startSshd(options);
  try {
    (await connect(sshd, changes)).close();
    throw new Error('it connected');
  } catch (caught) {
    expect(caught).toBeInstanceOf(AppError);
    return caught as AppError;
  } finally {
    await sshd.stop();
  }
}

describe.skipIf(!hasSshd)('against a real OpenSSH server (skipped when sshd is not installed)', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  describe.each(keyTypes)('a host with a %s key and certificate', (hostKey) => {
    let host: Sshd;
    beforeAll(async () => {
      host = await startSshd({ hostKey });
    });
    afterAll(() => host.stop());
    test.each(keyTypes)('takes a %s user certificate', async (type) => {
      const connection = await connect(host, { identity: host.identity(type) });
      expect(await run(connection, 'echo out; echo err >&2; exit 42')).toMatchObject({ out: 'out\n', errors: 'err\n', code: 42, signal: null });
      connection.close();
    });
  });

  test('a certificate of somebody with thousands of traits is shown whole', async () => {
    const groups = Array.from({ length: 5000 }, (_, index) => `group-${index}`);
    const extensions = { 'permit-pty': '', 'teleport-traits': JSON.stringify({ groups }) };
    const identity = sshd.identity('ed25519', { extensions });
    expect(identity.certificate.blob.length).toBeGreaterThan(60_000);
    const connection = await connect(sshd, { identity });
    expect(await run(connection, 'true')).toMatchObject({ code: 0 });
    connection.close();
  });

  test('rsa-sha2-256 host certificates are taken where the server has no other', async () => {
    const host = await startSshd({ hostKey: 'rsa', lines: ['HostKeyAlgorithms rsa-sha2-256-cert-v01@openssh.com'] });
    const connection = await connect(host);
    expect(await run(connection, 'true')).toMatchObject({ code: 0 });
    connection.close();
    await host.stop();
  });

  test.each([
    [
      'issued by another authority',
      {},
      { hostCas: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH6guVQtAZPO6he6W9hieRq/pJ/TOW0jsXLei9lavMni'] },
      'authority',
      'authority that this cluster does not vouch for',
    ],
    ['for another name', {}, { hostPrincipal: 'other' }, 'principal', 'belongs to another server than other'],
    ['expired', { certificate: { validBefore: 1_700_000_000n } }, {}, 'expired', 'expired on 2023-11-14 22:13 UTC'],
    ['not valid yet', { certificate: { validAfter: 4_000_000_000n, validBefore: 5_000_000_000n } }, {}, 'not-yet-valid', 'not valid before'],
    ['with an unknown critical option', { certificate: { criticalOptions: { 'only-on-sundays': '' } } }, {}, 'critical-option', 'restriction'],
    ['without names', { certificate: { principals: [] } }, {}, 'no-principals', 'names no server'],
  ] as const)('a host certificate %s is refused with its reason', async (_what, options, changes, reason, words) => {
    const error = await refusal(options, { ...changes } as object);
    expect(error).toMatchObject({ code: 'host-key', details: { reason } });
    expect(error.message).toContain(words);
  });

  test('a host without a certificate is refused', async () => {
    expect(await refusal({ certificate: null })).toMatchObject({ code: 'host-key', details: { reason: 'no-certificate' } });
  });

  test('a login that the server does not take is told as such, an expired certificate before anything is sent', async () => {
    await expect(connect(sshd, { login: 'nobody-here' })).rejects.toMatchObject({ code: 'login-refused', details: { login: 'nobody-here' } });
    const stranger = generateKeyPairSync('ed25519').privateKey;
    await expect(connect(sshd, { identity: sshd.identity('ed25519', {}, stranger) })).rejects.toMatchObject({ code: 'login-refused' });
    await expect(connect(sshd, { identity: sshd.identity('ed25519', { validBefore: 1_700_000_000n }) })).rejects.toMatchObject({ code: 'expired' });
    const identity = sshd.identity();
    await expect(connect(sshd, { identity: { ...identity, sign: sshd.identity().sign } })).rejects.toMatchObject({ code: 'login-refused' });
    const failing = { ...identity, sign: () => Promise.reject(new AppError('hardware-key', 'The key was taken out.')) };
    await expect(connect(sshd, { identity: failing })).rejects.toMatchObject({ code: 'hardware-key' });
  });

  test('a shell has a terminal, its environment and size, takes a new size, and tells how it ended', async () => {
    const connection = await connect(sshd);
    const shell = await connection.shell({ pty: { term: 'xterm-256color', cols: 100, rows: 30 }, env: { SLIPWAY_TEST: 'ünï' } });
    const ended = read(shell);
    shell.write(Buffer.from('echo "$SLIPWAY_TEST $TERM"; stty size\r'));
    shell.resize(0, 99_999);
    shell.write(Buffer.from('stty size; stty -a | grep -o iutf8; exit 3\r'));
    const { out, code } = await ended;
    expect(out).toContain('ünï xterm-256color');
    expect(out).toMatch(/\r\n(30 100|4096 1)\r\n/);
    expect(out).toMatch(/\r\n4096 1\r\n/);
    expect(out).toContain('\r\niutf8\r\n');
    expect(code).toBe(3);
    connection.close();
  });

  test('packets go through the ciphers that give their memory back', async () => {
    const connecting = vi.spyOn(Client.prototype, 'connect');
    const connection = await connect(sshd);
    const [client] = connecting.mock.contexts as unknown as { _protocol: { _cipher: object; _decipher: object } }[];
    expect([client!._protocol._cipher.constructor.name, client!._protocol._decipher.constructor.name]).toEqual(['GcmCipher', 'GcmDecipher']);
    connecting.mockRestore();
    connection.close();
  });

  test('several channels share a connection, and one that is not read stops at its window without stopping another', async () => {
    const connection = await connect(sshd);
    const flood = await connection.shell({ command: 'yes', pty: { term: 'xterm', cols: 80, rows: 24 } });
    let flooded = 0;
    flood.onData((bytes) => {
      flooded += bytes.length;
    });
    expect(await run(connection, 'echo ok')).toMatchObject({ out: 'ok\n' });
    await expect.poll(() => flooded, { timeout: 10_000 }).toBeGreaterThan(400_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(flooded).toBeLessThanOrEqual(512 * 1024);
    // A slow reader: what waits for it comes down to a quarter of the window, and the program goes on.
    let consumed = 0;
    for (let turn = 0; turn < 20; turn++) {
      flood.consumed(64 * 1024);
      consumed += 64 * 1024;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(flooded - consumed).toBeLessThanOrEqual(512 * 1024);
    }
    expect(flooded - consumed).toBeLessThanOrEqual(128 * 1024);
    // One that has caught up gets the whole window again.
    for (let turn = 0; turn < 20; turn++) {
      flood.consumed(flooded - consumed);
      consumed = flooded;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect.poll(() => flooded - consumed, { timeout: 10_000 }).toBeGreaterThan(400_000);
    connection.close();
  });

  test('bulk output is complete while the server and the client renew keys', async () => {
    const host = await startSshd({ lines: ['RekeyLimit 8M'] });
    const connection = await connect(host);
    const timer = setInterval(() => connection.rekey(), 50);
    const bytes = 100_000_000;
    const session = await connection.exec(`head -c ${bytes} /dev/zero`);
    expect(await read(session)).toMatchObject({ bytes, code: 0 });
    clearInterval(timer);
    connection.close();
    await host.stop();
  });

  test('input reaches the program in full', async () => {
    const connection = await connect(sshd);
    const session = await connection.exec('wc -c');
    const outcome = read(session);
    for (let index = 0; index < 1000; index++) session.write(Buffer.alloc(10_000, index));
    session.end();
    expect(await outcome).toMatchObject({ out: '10000000\n', code: 0 });
    connection.close();
  });

  test('a lost transport ends the channels without a code and the connection with a reason', async () => {
    const sock = await sshd.connect();
    const connection = await connect(sshd, { sock });
    const session = await connection.exec('sleep 60');
    const ended = read(session);
    const closed = new Promise((resolve) => connection.onClose(resolve));
    sock.destroy(new Error('cable cut'));
    expect(await ended).toMatchObject({ code: null, signal: null });
    expect(await closed).toMatchObject({ code: 'closed' });
    await expect(connection.exec('true')).rejects.toMatchObject({ code: 'closed' });
  });

  test('an end that was asked for has no reason, and a signal is told', async () => {
    const connection = await connect(sshd);
    expect(await run(connection, 'kill -9 $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
    const closed = new Promise((resolve) => connection.onClose(resolve));
    connection.close();
    expect(await closed).toBeNull();
  });

  test('SFTP and port forwarding work', async () => {
    const connection = await connect(sshd);
    const sftp = await connection.sftp();
    const path = await sftp.realpath('.');
    expect(path).toMatch(/^\//);
    const forward = await connection.forwardOut('127.0.0.1', sshd.port);
    const [first] = (await new Promise<Buffer>((resolve) => forward.once('data', resolve))).toString().split('\r\n');
    expect(first).toMatch(/^SSH-2\.0-OpenSSH/);
    connection.close();
  });

  test('SFTP that the server does not have is told with what it said', async () => {
    const host = await startSshd({ lines: ['ForceCommand echo no transfers >&2; exit 1'] });
    const connection = await connect(host);
    await expect(connection.sftp()).rejects.toThrow(/10\.3 or newer/);
    connection.close();
    await host.stop();
  });

  test('a connection can be cancelled, and a silent server is given up', async () => {
    const silent = (await import('node:net')).createServer(() => {}).listen(0, '127.0.0.1');
    const port = await new Promise<number>((resolve) => silent.once('listening', () => resolve((silent.address() as { port: number }).port)));
    const dial = async () => (await import('node:net')).connect({ port, host: '127.0.0.1' });
    await expect(connect(sshd, { sock: await dial(), timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(connect(sshd, { sock: await dial(), signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    silent.close();
  });
});
