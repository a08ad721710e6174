import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runProgram } from '../../../../test/support/gateway-world.ts';
import { have } from '../../../../test/support/have.ts';
import { createKubeIdentity, type KubeIdentity } from './kube-identity.ts';
import { mergeKubeconfig, unmergeKubeconfig, writeOwnKubeconfig } from './kubeconfig.ts';
import { personalKubeconfig } from './personal-kubeconfig.ts';
import { sweepKubeconfigs } from './port-kubeconfig.ts';

let folder: string;
let path: string;
let identity: KubeIdentity;
const context = (name = 'two.test-main') => ({ name, server: 'https://127.0.0.1:7443', identity, namespace: '', extras: null });
const existing = `# mine, by hand
apiVersion: v1
kind: Config
preferences: {}
clusters:
- cluster: {server: https://10.0.0.1:6443, insecure-skip-tls-verify: true}   # old one
  name: work
contexts:
- context:
    cluster: work
    user: me
  name: work
current-context: work
users:
- name: me
  user:
    token: "abc"
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-kubeconfig-'));
  path = join(folder, 'config');
  identity ??= await createKubeIdentity('two.test', Date.now());
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is put beside what is there and taken out again, to the byte', async () => {
  await writeFile(path, existing, { mode: 0o640 });
  await mergeKubeconfig(path, context());
  const merged = parse(await readFile(path, 'utf8'));
  expect(merged.contexts.map(({ name }: { name: string }) => name)).toEqual(['work', 'two.test-main']);
  expect(merged['current-context']).toBe('work');
  expect(await readFile(path, 'utf8')).toContain('# mine, by hand');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readFile(`${path}.before-slipway`, 'utf8')).toBe(existing);
  await mergeKubeconfig(path, { ...context(), server: 'https://127.0.0.1:7999' });
  await unmergeKubeconfig(path, 'two.test-main');
  expect(await readFile(path, 'utf8')).toBe(existing);
});

it.skipIf(!have('kubectl'))('is understood by kubectl', async () => {
  await writeFile(path, existing);
  await mergeKubeconfig(path, context());
  const answer = await runProgram('kubectl', ['config', 'get-contexts', '-o', 'name'], { KUBECONFIG: path });
  expect(answer.out.trim().split('\n').sort()).toEqual(['two.test-main', 'work']);
});

it('keeps what somebody else changed in between', async () => {
  await writeFile(path, existing);
  await mergeKubeconfig(path, context());
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('token: "abc"', 'token: "changed"'));
  await unmergeKubeconfig(path, 'two.test-main');
  const left = parse(await readFile(path, 'utf8'));
  expect(left.users).toEqual([{ name: 'me', user: { token: 'changed' } }]);
  expect(left.contexts).toHaveLength(1);
});

it('several contexts come and go by themselves', async () => {
  await writeFile(path, existing);
  await mergeKubeconfig(path, context('a'));
  await mergeKubeconfig(path, context('b'));
  await unmergeKubeconfig(path, 'a');
  expect(parse(await readFile(path, 'utf8')).contexts.map(({ name }: { name: string }) => name)).toEqual(['work', 'b']);
  await unmergeKubeconfig(path, 'b');
  expect(parse(await readFile(path, 'utf8'))).toEqual(parse(existing));
});

it('a file that was not there is gone again', async () => {
  await mergeKubeconfig(path, context());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await unmergeKubeconfig(path, 'two.test-main');
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each([
  ['not YAML', 'a: [1,\nb: }'],
  ['a list', '- a\n- b\n'],
  ['of another shape', 'clusters: 7\n'],
])('one that is %s is left alone', async (_what, text) => {
  await writeFile(path, text);
  await expect(mergeKubeconfig(path, context())).rejects.toMatchObject({ code: 'disk' });
  expect(await readFile(path, 'utf8')).toBe(text);
});

it('one that may not be written is left alone', async () => {
  await writeFile(path, existing);
  await chmod(path, 0o444);
  await expect(mergeKubeconfig(path, context())).rejects.toMatchObject({ code: 'disk', message: expect.stringMatching(/permissions/) });
  expect(await readFile(path, 'utf8')).toBe(existing);
});

it('an entry of the same name that is not ours is left alone', async () => {
  await writeFile(path, existing);
  await expect(mergeKubeconfig(path, context('work'))).rejects.toMatchObject({ code: 'conflict' });
  expect(await readFile(path, 'utf8')).toBe(existing);
});

it.each([
  ['broken', (text: string) => writeFile(path, `${text}\n]`)],
  ['read-only', () => chmod(path, 0o444)],
])('one that became %s meanwhile is left alone, and the copy from before stays', async (_what, spoil) => {
  await writeFile(path, existing);
  await mergeKubeconfig(path, context());
  await spoil(await readFile(path, 'utf8'));
  const spoilt = await readFile(path, 'utf8');
  await expect(unmergeKubeconfig(path, 'two.test-main')).rejects.toMatchObject({ code: 'disk' });
  expect(await readFile(path, 'utf8')).toBe(spoilt);
  expect(await readFile(`${path}.before-slipway`, 'utf8')).toBe(existing);
});

it('whatever stands there and whatever changes meanwhile: only ours comes and goes', async () => {
  const name = fc.constantFrom('work', 'lab', 'eu', 'minikube');
  const entries = fc.uniqueArray(name, { maxLength: 4 }).map((names) => ({
    clusters: names.map((each) => ({ name: each, cluster: { server: `https://${each}.example.com:6443` } })),
    users: names.map((each) => ({ name: each, user: { token: `token: of # ${each}` } })),
    contexts: names.map((each) => ({ name: each, context: { cluster: each, user: each } })),
  }));
  const style = fc.constantFrom({}, { collectionStyle: 'flow' as const }, { indentSeq: false });
  const comment = fc.constantFrom('', '# by hand\n', '---\n');
  await fc.assert(
    fc.asyncProperty(entries, entries, style, comment, fc.boolean(), fc.boolean(), async (first, later, look, begin, isEdited, isTwice) => {
      const text = `${begin}${stringify({ apiVersion: 'v1', kind: 'Config', ...first }, look)}`;
      await writeFile(path, text);
      await mergeKubeconfig(path, context());
      if (isTwice) await mergeKubeconfig(path, context('two.test-other'));
      const merged = parse(await readFile(path, 'utf8'));
      const mine = (list: { name: string }[]) => list.filter((entry) => entry.name.startsWith('two.test-'));
      if (isEdited) {
        const edited = { ...merged };
        for (const section of ['clusters', 'users', 'contexts'] as const) edited[section] = [...later[section], ...mine(merged[section])];
        await writeFile(path, stringify(edited));
      }
      if (isTwice) await unmergeKubeconfig(path, 'two.test-other');
      await unmergeKubeconfig(path, 'two.test-main');
      const left = await readFile(path, 'utf8');
      if (!isEdited) expect(left).toBe(text);
      else expect(parse(left)).toEqual({ apiVersion: 'v1', kind: 'Config', ...later });
      await rm(path);
      await rm(`${path}.before-slipway`, { force: true });
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('a link stays a link, and the own file is for nobody else', async () => {
  await writeFile(join(folder, 'real'), existing);
  await symlink(join(folder, 'real'), path);
  await mergeKubeconfig(path, context());
  expect(await readFile(join(folder, 'real'), 'utf8')).toContain('two.test-main');
  await writeOwnKubeconfig(join(folder, 'deep', 'own'), context());
  expect((await stat(join(folder, 'deep', 'own'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
  expect(personalKubeconfig({ KUBECONFIG: '/a:/b' })).toBe('/a');
});

describe.skipIf(!have('kubectl'))('what kubectl set on the context', () => {
  const kubectl = async (...args: string[]) => {
    const { code, out, err } = await runProgram('kubectl', args, { KUBECONFIG: path });
    expect(code, err).toBe(0);
    return out.trim();
  };
  const current = () => kubectl('config', 'current-context');
  const ofContext = async (name = 'two.test-main') =>
    parse(await readFile(path, 'utf8')).contexts.find((entry: { name: string }) => entry.name === name).context;

  it('stays over a renewal: namespace, and who is impersonated', async () => {
    await writeFile(path, existing);
    await mergeKubeconfig(path, context());
    await kubectl('config', 'use-context', 'two.test-main');
    await kubectl('config', 'set-context', '--current', '--namespace=kube-system');
    const text = await readFile(path, 'utf8');
    const edited = parse(text);
    edited.users.find((user: { name: string }) => user.name === 'two.test-main').user.as = 'auditor';
    edited.contexts.find((entry: { name: string }) => entry.name === 'two.test-main').context.extensions.push({ name: 'tool', extension: { a: 1 } });
    await writeFile(path, stringify(edited));
    const renewed = await createKubeIdentity('two.test', Date.now());
    await mergeKubeconfig(path, { ...context(), server: 'https://127.0.0.1:7999', identity: renewed });
    expect(await kubectl('config', 'view', '--minify', '-o', 'jsonpath={.contexts[0].context.namespace} {.clusters[0].cluster.server}')).toBe(
      'kube-system https://127.0.0.1:7999',
    );
    const after = parse(await readFile(path, 'utf8'));
    const user = after.users.find(({ name }: { name: string }) => name === 'two.test-main').user;
    expect(user).toEqual({
      as: 'auditor',
      'client-certificate-data': Buffer.from(renewed.cert).toString('base64'),
      'client-key-data': Buffer.from(renewed.key).toString('base64'),
    });
    expect((await ofContext()).extensions).toContainEqual({ name: 'tool', extension: { a: 1 } });
    expect(await current()).toBe('two.test-main');
  });

  it('stays over closing and opening again, though nothing of it is in the file meanwhile', async () => {
    await writeFile(path, existing);
    await mergeKubeconfig(path, context());
    await kubectl('config', 'use-context', 'two.test-main');
    await kubectl('config', 'set-context', '--current', '--namespace=kube-system');
    const extras = await unmergeKubeconfig(path, 'two.test-main');
    expect(extras).toEqual({ clusters: {}, users: {}, contexts: { namespace: 'kube-system' } });
    expect(await current()).toBe('work');
    for (let time = 0; time < 2; time++) {
      await mergeKubeconfig(path, { ...context(), extras });
      expect((await ofContext()).namespace).toBe('kube-system');
    }
    expect(await unmergeKubeconfig(path, 'two.test-main')).toEqual(extras);
  });

  it('a namespace chosen in Slipway follows until somebody sets another', async () => {
    await mergeKubeconfig(path, { ...context(), namespace: 'a' });
    await mergeKubeconfig(path, { ...context(), namespace: 'b' });
    expect((await ofContext()).namespace).toBe('b');
    await kubectl('config', 'set-context', 'two.test-main', '--namespace=mine');
    await mergeKubeconfig(path, { ...context(), namespace: 'c' });
    expect((await ofContext()).namespace).toBe('mine');
  });

  it('the context that was current before is so again, and no copy stays', async () => {
    await writeFile(path, existing);
    await mergeKubeconfig(path, context('a'));
    await kubectl('config', 'use-context', 'a');
    await mergeKubeconfig(path, context('b'));
    await kubectl('config', 'use-context', 'b');
    await kubectl('config', 'set-context', '--current', '--namespace=kube-system');
    await mergeKubeconfig(path, context('b'));
    await unmergeKubeconfig(path, 'a');
    expect(await current()).toBe('b');
    await kubectl('config', 'set-cluster', 'added', '--server=https://10.0.0.9');
    await unmergeKubeconfig(path, 'b');
    expect(await current()).toBe('work');
    expect(await kubectl('config', 'get-clusters')).toMatch(/added/);
    expect(await readFile(path, 'utf8')).not.toContain('client-key-data');
    expect(await readdir(folder)).toEqual(['config']);
  });

  it('that it was used changes nothing of what is back afterwards, to the byte', async () => {
    await writeFile(path, existing);
    await mergeKubeconfig(path, context());
    await kubectl('config', 'use-context', 'two.test-main');
    await unmergeKubeconfig(path, 'two.test-main');
    expect(await readFile(path, 'utf8')).toBe(existing);
    expect(await readdir(folder)).toEqual(['config']);
  });

  it('a context that somebody deleted leaves no key behind', async () => {
    await writeFile(path, existing);
    await mergeKubeconfig(path, context());
    await kubectl('config', 'delete-context', 'two.test-main');
    await unmergeKubeconfig(path, 'two.test-main');
    expect(parse(await readFile(path, 'utf8'))).toEqual(parse(existing));
    expect(await readdir(folder)).toEqual(['config']);
  });
});

it.each([
  ['nested without end', '['.repeat(100_000)],
  ['in UTF-16', Buffer.from(`\uFEFF${existing}`, 'utf16le')],
  ['with bytes that are no UTF-8', Buffer.concat([Buffer.from(existing), Buffer.from([0x23, 0xff, 0xfe, 0x0a])])],
])('one that is %s is left alone', async (_what, content) => {
  await writeFile(path, content);
  await expect(mergeKubeconfig(path, context())).rejects.toMatchObject({ code: 'disk', message: expect.stringMatching(/left as it is/) });
  expect((await readFile(path)).equals(Buffer.from(content as string))).toBe(true);
});

it('what a killed process left of a kubeconfig is removed, the own ones and the person’s', async () => {
  const left = '.slipway-4194305-0123456789ab.tmp'; // above the largest process id of Linux
  const own = join(folder, 'kube', 'cluster');
  await mkdir(own, { recursive: true });
  for (const place of [own, folder]) await writeFile(join(place, left), 'a key');
  sweepKubeconfigs(join(folder, 'kube'), { KUBECONFIG: path });
  expect(await readdir(own)).toEqual([]);
  expect(await readdir(folder)).toEqual(['kube']);
});

describe.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('a disk that takes nothing', () => {
  const mount = (...options: string[]) => execFileSync('mount', [...options, folder]);
  afterEach(() => execFileSync('umount', [folder]));

  it('is named in a sentence when it is full', async () => {
    mount('-t', 'tmpfs', '-o', 'size=4k', 'none');
    await writeFile(join(folder, 'all'), Buffer.alloc(4096));
    const full = { code: 'disk', message: expect.stringMatching(/could not be changed: the disk is full/) };
    await expect(writeOwnKubeconfig(join(folder, 'kube/own'), context())).rejects.toMatchObject(full);
    await expect(mergeKubeconfig(path, context())).rejects.toMatchObject(full);
  });

  it('is named in a sentence when it is read-only', async () => {
    mount('-t', 'tmpfs', '-o', 'ro', 'none');
    const readOnly = { code: 'disk', message: expect.stringMatching(/could not be changed: the disk is read-only/) };
    await expect(writeOwnKubeconfig(join(folder, 'own'), context())).rejects.toMatchObject(readOnly);
    await expect(mergeKubeconfig(path, context())).rejects.toMatchObject(readOnly);
  });
});
