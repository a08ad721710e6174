import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicKeyLine, toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import { describeTree, makeTree } from '../../support/files-world.ts';
import { have } from '../../support/have.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { type EmbeddedCluster, localLogin, startCluster } from '../index.ts';
import { login, web } from '../testing/plain-client.ts';

const run = promisify(execFile);
let cluster: EmbeddedCluster;
let folder: TempFolder;
const file = (name: string) => join(folder.path, name);

/** Options for OpenSSH's own programs: the files a login gives, and the relay. */
function sshOptions(uuid: string, owner: string): string[] {
  const files = ['cert.pem', 'key.pem', 'ca.pem'].map(file);
  const settings = {
    CertificateFile: file('id-cert.pub'),
    UserKnownHostsFile: file('known_hosts'),
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    ProxyCommand: [process.execPath, file('relay.mjs'), cluster.address, cluster.name, ...files, `${uuid}:0`, owner].join(' '),
  };
  return ['-F', 'none', '-i', file('id'), ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

async function ssh(
  hostname: string,
  args: readonly string[],
  options: readonly string[] = [],
  input?: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { uuid, cluster: owner } = cluster.nodes.find((one) => one.hostname === hostname)!;
  const result = run('ssh', [...sshOptions(uuid, owner), ...options, `${localLogin}@${uuid}`, ...args], {
    timeout: 20_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (input) createReadStream(input).pipe(result.child.stdin!);
  else result.child.stdin!.end();
  return result.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

describe.skipIf(!have('ssh'))('OpenSSH through the embedded proxy', () => {
  beforeAll(async () => {
    folder = await tempFolder();
    cluster = await startCluster({ resources: 2 });
    await build({
      entryPoints: [new URL('../relay.ts', import.meta.url).pathname],
      outfile: file('relay.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const session = await login(cluster, 'alice');
    // OpenSSH reads no PKCS#8 for Ed25519, so this login is repeated with a P-256 key.
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const user = cluster.user('alice');
    const answer = await web(cluster, 'POST', '/webapi/mfa/login/finish', {
      user: 'alice',
      password: user.password,
      totp_code: user.totp(),
      ssh_pub_key: Buffer.from(`${publicKeyLine(toSshPublicKey(pair.publicKey))}\n`).toString('base64'),
    });
    writeFileSync(file('id'), pair.privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
    writeFileSync(file('id-cert.pub'), Buffer.from((answer.json as { cert: string }).cert, 'base64'));
    writeFileSync(file('cert.pem'), session.tlsCert);
    writeFileSync(file('key.pem'), session.tlsKey, { mode: 0o600 });
    writeFileSync(file('ca.pem'), session.hostCa);
    const leafCa = cluster.root.leaves[0]!.authorities.hostSsh.line;
    writeFileSync(file('known_hosts'), `@cert-authority * ${session.hostSshCa}@cert-authority * ${leafCa}`);
  });

  afterAll(async () => {
    await cluster?.close();
    await folder?.remove();
  });

  const nodes = ['demo-server', 'leaf-server', ...(have('sshd') ? ['demo-openssh', 'old-openssh'] : [])];

  it.each(nodes)('%s runs a command and hands back its status', async (node) => {
    expect(await ssh(node, ['echo $((6*7)); echo oops >&2; exit 3'])).toMatchObject({
      code: 3,
      stdout: '42\n',
      stderr: expect.stringContaining('oops'),
    });
  });

  it.each(nodes)('%s gives a terminal', async (node) => {
    const { stdout } = await ssh(node, ['-tt', 'tty; stty size']);
    expect(stdout).toMatch(/\/dev\/pts\/\d+/);
  });

  it.each(nodes)('%s carries bytes both ways unchanged', async (node) => {
    const bytes = randomBytes(3_000_000);
    writeFileSync(file('bytes'), bytes);
    const { stdout } = await ssh(node, ['sha256sum && head -c 3000000 /dev/zero | tr "\\0" x'], [], file('bytes'));
    const end = stdout.indexOf('\n') + 1;
    expect(stdout.slice(0, end)).toBe(`${createHash('sha256').update(bytes).digest('hex')}  -\n`);
    expect(stdout.slice(end)).toBe('x'.repeat(3_000_000));
  });

  it('tells the shell of the Teleport node who is there', async () => {
    const { stdout } = await ssh('demo-server', [
      'echo $SSH_TELEPORT_USER $SSH_TELEPORT_CLUSTER_NAME $SSH_TELEPORT_HOST_UUID; test -n "$SSH_SESSION_ID" && echo id',
    ]);
    expect(stdout).toBe(`alice ${cluster.name} ${cluster.nodes[0]!.uuid}\nid\n`);
  });

  it('forwards to a port, and says on stderr why it cannot', async () => {
    const greeter = net.createServer((socket) => socket.end('hello from behind')).listen(0, '127.0.0.1');
    await once(greeter, 'listening');
    const port = (greeter.address() as net.AddressInfo).port;
    expect((await ssh('demo-server', [], ['-W', `127.0.0.1:${port}`])).stdout).toBe('hello from behind');
    greeter.close();
    expect((await ssh('demo-server', [], ['-W', '127.0.0.1:1'])).stdout).toBe('');
  });

  describe.skipIf(!have('sftp') || !have('scp'))('the node’s own file server, judged by OpenSSH', () => {
    const remote = () => `${localLogin}@${cluster.nodes[0]!.uuid}`;
    const options = () => sshOptions(cluster.nodes[0]!.uuid, cluster.nodes[0]!.cluster);
    const sftp = async (...lines: string[]) => {
      writeFileSync(file('batch'), `${lines.join('\n')}\n`);
      return (await run('sftp', ['-b', file('batch'), ...options(), remote()], { timeout: 30_000 })).stdout;
    };
    const tree = (name: string) => {
      makeTree(file(name), { large: 5_000_000, many: 250 });
      // Its client leaves links out of what it sends.
      for (const link of ['link', 'deep/link up', 'link to folder']) rmSync(join(file(name), link));
      return file(name);
    };

    it('sftp puts a tree there and gets it back, equal in all', async () => {
      const here = tree('to put');
      mkdirSync(file('put'));
      await sftp(`put -Rp "${here}/." "${file('put')}"`, `get -Rp "${file('put')}" "${file('got')}"`);
      expect(describeTree(file('put'))).toEqual(describeTree(here));
      expect(describeTree(file('got'))).toEqual(describeTree(here));
    });

    it('scp copies a tree both ways', async () => {
      const here = tree('to copy');
      mkdirSync(file('scp there'));
      await run('scp', ['-rp', ...options(), `${here}/.`, `${remote()}:${file('scp there')}`], { timeout: 30_000 });
      await run('scp', ['-rp', ...options(), `${remote()}:${file('scp there')}`, file('scp back')], { timeout: 30_000 });
      expect(describeTree(file('scp there'))).toEqual(describeTree(here));
      expect(describeTree(file('scp back'))).toEqual(describeTree(here));
    });

    it('sftp lists, makes, renames, changes modes, goes on with a download, and removes', async () => {
      writeFileSync(file('whole'), randomBytes(2_000_000));
      writeFileSync(file('half'), readFileSync(file('whole')).subarray(0, 1_000_003));
      const listed = await sftp(
        `reget "${file('whole')}" "${file('half')}"`,
        `mkdir "${file('work')}"`,
        `put "${file('id')}" "${file('work/a')}"`,
        `chmod 640 "${file('work/a')}"`,
        `rename "${file('work/a')}" "${file('work/b')}"`,
        `ls -ln "${file('work')}"`,
      );
      expect(readFileSync(file('half')).equals(readFileSync(file('whole')))).toBe(true);
      expect(listed).toMatch(/-rw-r----- .* (\/\S*)?b\n/);
      expect(readdirSync(file('work'))).toEqual(['b']);
      await sftp(`rm "${file('work/b')}"`, `rmdir "${file('work')}"`);
      expect(existsSync(file('work'))).toBe(false);
    });

    // As a real node was measured: what OpenSSH's own server does otherwise (ssh-and-gateways §3.2).
    it.each([
      ['a path that is not there has no real path', (at: string) => `put -R "${file('to put')}" "${at}/new"`, /canonicalization failed/],
      ['what was opened to append takes no bytes', (at: string) => `reput "${file('id')}" "${at}/there"`, /Failure/],
      ['hard links are named in the other order', (at: string) => `ln "${at}/there" "${at}/hard"`, /No such file/],
    ])('%s', async (what, command, refusal) => {
      const at = file(what);
      mkdirSync(at);
      writeFileSync(join(at, 'there'), 'part');
      await expect(sftp(command(at))).rejects.toMatchObject({ stderr: expect.stringMatching(refusal) });
    });
  });

  it.each(['host-key', 'host-name', 'host-expired', 'host-type'] as const)('a host certificate that lies (%s) is refused by ssh', async (lie) => {
    cluster.setFaults({ lie });
    const { code, stderr } = await ssh('demo-server', ['true']);
    cluster.setFaults({});
    expect(code).toBe(255);
    expect(stderr).toMatch(/verification failed|invalid|expired|No matching CA|Certificate/i);
  });
});
