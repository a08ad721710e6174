import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleModules } from '../../build/bundle.mjs';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

interface Facts {
  readonly address: string;
  readonly users: { name: string; password: string }[];
  readonly control: string;
  readonly fingerprint: string;
}

let folder: TempFolder;
let child: ChildProcess;
let facts: Facts;
const lines: string[] = [];
const root = new URL('../..', import.meta.url).pathname;

beforeAll(async () => {
  folder = await tempFolder();
  // Inside the checkout, so that what stays outside the bundle is found.
  const out = join(root, 'out/test-process');
  await bundleModules({ cluster: join(root, 'test/cluster/main.ts') }, out);
  child = spawn(process.execPath, [join(out, 'cluster.js'), '--resources', '3', '--no-sshd', '--server-version', '18.2.0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder.path },
  });
  const reader = createInterface({ input: child.stdout! });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  facts = JSON.parse(lines[0]!) as Facts;
}, 60_000);

afterAll(async () => {
  child?.kill('SIGKILL');
  await folder?.remove();
});

function control(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(facts.control + path, { method, headers }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

it('prints its facts as one line of JSON, then text for people', async () => {
  expect(facts.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(facts.users.map((user) => user.name)).toEqual(['alice', 'bob', 'dana', 'rita', 'ron']);
  await expect.poll(() => lines.join('\n')).toContain('One-time codes');
  expect(lines.slice(1).join('\n')).toContain(facts.users[0]!.password);
});

it('gives codes, and takes faults that it understands', async () => {
  expect((await control('GET', '/totp/alice')).text).toMatch(/^\d{6}\n$/);
  expect((await control('GET', '/')).text).toContain('alice');
  expect((await control('POST', '/faults', { web: 'garbage' })).status).toBe(200);
  expect((await control('POST', '/faults', {})).status).toBe(200);
  expect((await control('POST', '/faults', { web: 'nonsense' })).status).toBe(400);
  expect((await control('POST', '/lock', { user: 'bob', message: 'left' })).status).toBe(200);
});

it('keeps web pages out of its control port', async () => {
  expect((await control('GET', '/totp/alice', undefined, { host: 'evil.example' })).status).toBe(403);
  expect((await control('POST', '/faults', {}, { origin: 'https://evil.example' })).status).toBe(403);
});

it('ends on SIGTERM and takes its folder along', async () => {
  expect((await readdir(folder.path)).some((name) => name.startsWith('slipway-cluster-'))).toBe(true);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(existsSync(folder.path) && (await readdir(folder.path)).filter((name) => name.startsWith('slipway-cluster-'))).toEqual([]);
});
