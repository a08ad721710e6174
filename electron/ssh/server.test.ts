import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateLine, signCertificate } from './certificate.ts';
import { parsePublicKeyLine, publicKeyLine, toSshPublicKey } from './public-key.ts';
import { createSshServer } from './server.ts';
import { finishChannel } from './server-session.ts';

const hasSsh = spawnSync('ssh', ['-V']).error === undefined;
const seconds = BigInt(Math.floor(Date.now() / 1000));
const validity = { validAfter: seconds - 60n, validBefore: seconds + 3600n };

describe.skipIf(!hasSsh)("OpenSSH's ssh against our server (skipped when OpenSSH is not installed)", () => {
  const hostCa = generateKeyPairSync('ed25519');
  const userCa = generateKeyPairSync('ed25519');
  const host = (pair: { publicKey: Parameters<typeof toSshPublicKey>[0]; privateKey: Parameters<typeof toSshPublicKey>[0] }) => ({
    key: pair.privateKey,
    certificate: signCertificate({ publicKey: toSshPublicKey(pair.publicKey), kind: 'host', principals: ['node'], ...validity }, hostCa.privateKey),
  });
  const hostKeys = [
    host(generateKeyPairSync('ed25519')),
    host(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    host(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ];
  const server = createSshServer({
    hostKeys,
    userCas: () => [toSshPublicKey(userCa.publicKey)],
    ident: 'Teleport',
    authorize: (login) => login !== 'refused',
    refuseChannel: async (_type, { login }) => (login === 'locked' ? { reason: 1, text: 'too many connections' } : null),
    onSession(session) {
      session.onStart((request, answer) => {
        if (request.kind !== 'exec') return answer.refuse('no shell here\n');
        const channel = answer.accept();
        channel.write(`${request.command} ${session.env.LANG ?? ''}`);
        channel.stderr.write('warned');
        finishChannel(channel, 7);
      });
    },
  });
  const tcp = createServer((socket) => server.accept(socket));
  let folder = '';

  const ssh = async (keyType: string, login: string, ...rest: string[]) => {
    const key = join(folder, `id_${keyType}`);
    const options = [
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
      'HostKeyAlias=node',
      'BatchMode=yes',
      'SendEnv=LANG',
      'IdentitiesOnly=yes',
      'LogLevel=INFO',
    ];
    const args = [
      '-F',
      'none',
      '-i',
      key,
      '-p',
      String((tcp.address() as AddressInfo).port),
      '-l',
      login,
      ...options.flatMap((option) => ['-o', option]),
      ...rest,
    ];
    const child = spawn('ssh', args, { env: { ...process.env, LANG: 'C.UTF-8', SSH_AUTH_SOCK: '' } });
    let out = '';
    let errors = '';
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (errors += bytes));
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { code, out, errors };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
    writeFileSync(join(folder, 'known_hosts'), `@cert-authority * ${publicKeyLine(toSshPublicKey(hostCa.publicKey))}\n`);
    for (const type of ['ed25519', 'ecdsa', 'rsa']) {
      const file = join(folder, `id_${type}`);
      spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
      chmodSync(file, 0o600);
      const publicKey = parsePublicKeyLine(readFileSync(`${file}.pub`, 'utf8'));
      const principals = ['alice', 'refused', 'locked'];
      writeFileSync(
        `${file}-cert.pub`,
        certificateLine(signCertificate({ publicKey, kind: 'user', keyId: 'alice', principals, ...validity }, userCa.privateKey)),
      );
    }
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    tcp.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const algorithms = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'].map((name) => `${name}-cert-v01@openssh.com`);
  test.each(algorithms)('it shows its host certificate under %s', async (algorithm) => {
    const { code, out } = await ssh('ed25519', 'alice', '-o', `HostKeyAlgorithms=${algorithm}`, '127.0.0.1', 'true');
    expect({ code, out }).toEqual({ code: 7, out: 'true C.UTF-8' });
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])('it takes a %s user certificate', async (type) => {
    expect(await ssh(type, 'alice', '127.0.0.1', 'echo', 'hi')).toEqual({ code: 7, out: 'echo hi C.UTF-8', errors: 'warned' });
  });

  test('it refuses a login that is no principal, one that is not authorized, and a bare key', async () => {
    expect((await ssh('ed25519', 'bob', '127.0.0.1', 'true')).errors).toContain('Permission denied (publickey)');
    expect((await ssh('ed25519', 'refused', '127.0.0.1', 'true')).errors).toContain('Permission denied (publickey)');
    expect(
      (await ssh('ed25519', 'alice', '-o', 'CertificateFile=none', '-o', 'PubkeyAcceptedAlgorithms=ssh-ed25519', '127.0.0.1', 'true')).errors,
    ).toContain('Permission denied');
  });

  test('the refusal of a channel carries its text', async () => {
    expect((await ssh('ed25519', 'locked', '127.0.0.1', 'true')).errors).toContain('too many connections');
  });
});
