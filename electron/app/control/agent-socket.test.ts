import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { Topic } from '../../../shared/ipc/server.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { SshLogin } from '../../clusters/tickets/ssh-login.ts';
import { certificateLine, signCertificate } from '../../ssh/certificate.ts';
import { toSshPublicKey } from '../../ssh/public-key.ts';
import { AgentSocket } from './agent-socket.ts';

const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), 'slipway-agent-'));
const path = join(home, 'control', 'agent.sock');
let agent: AgentSocket | undefined;
afterEach(async () => {
  await agent?.close();
  rmSync(home, { recursive: true, force: true });
});

test('ssh-add lists the certificate of each login while the agent is on', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const authority = generateKeyPairSync('ed25519').privateKey;
  const certificate = signCertificate(
    { publicKey: toSshPublicKey(publicKey), kind: 'user', keyId: 'ada', principals: ['root'], validAfter: 0n },
    authority,
  );
  const login = {
    certificateLine: certificateLine(certificate),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  } as SshLogin;
  const topic = new Topic([
    { key: 'ada@x:443', status: 'signed-in' },
    { key: 'eve@y:443', status: 'expired' },
  ] as Cluster[]);
  const problems: unknown[] = [];
  agent = new AgentSocket({
    path: () => path,
    clusters: { topic, sshLogin: () => login },
    background: { failed: (_work, caught) => problems.push(caught), worked: () => {} },
  });
  expect(existsSync(path)).toBe(false);
  await agent.set(true);
  expect(problems).toEqual([]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { stdout } = await run('ssh-add', ['-L'], { env: { ...process.env, SSH_AUTH_SOCK: path } });
  expect(stdout.trim()).toBe(`${certificateLine(certificate).trim()} ada`);
  topic.set([]);
  await expect(run('ssh-add', ['-l'], { env: { ...process.env, SSH_AUTH_SOCK: path } })).rejects.toMatchObject({ code: 1 });
  await agent.set(false);
  expect(existsSync(path)).toBe(false);
});
