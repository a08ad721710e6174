import { chmod, copyFile, lstat, mkdir, open, readFile, realpath, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Document, isMap, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { KubeIdentity } from './kube-identity.ts';

/** One context with its cluster and user, all of one name. */
export interface KubeContext {
  readonly name: string;
  /** `https://127.0.0.1:8443` */
  readonly server: string;
  readonly identity: KubeIdentity;
  /** Empty for the cluster's own default. */
  readonly namespace: string;
}

const sections = ['clusters', 'users', 'contexts'] as const;
const mark = 'slipway/connection';
const maxBytes = 4 * 1024 * 1024;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A kubeconfig with this context alone, mode 0600 in folders of mode 0700. */
export async function writeOwnKubeconfig(path: string, context: KubeContext): Promise<void> {
  const { clusters, users, contexts } = entriesOf(context);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replace(
    path,
    stringify({ apiVersion: 'v1', kind: 'Config', clusters: [clusters], users: [users], contexts: [contexts], 'current-context': context.name }),
    0o600,
  );
}

export async function removeOwnKubeconfig(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Puts the context into the person's own kubeconfig, or renews it there. Everything else in that file stays as it is, comments too, and so does the current
 * context. Before the first change the file is copied to `<path>.before-slipway`. A file that cannot be understood or written is left alone: `disk`.
 */
export async function mergeKubeconfig(path: string, context: KubeContext): Promise<void> {
  await change(path, (document) => {
    const entries = entriesOf(context);
    for (const section of sections) {
      const list = listOf(document, section);
      const at = indexOf(list, context.name);
      const isForeign = at >= 0 && !isOurs(list.get(at));
      if (isForeign) throw new AppError('conflict', `Your kubeconfig has an entry ${context.name} that Slipway did not make. Rename it there first.`);
      const node = document.createNode(entries[section]);
      if (at >= 0) list.set(at, node);
      else list.add(node);
    }
    if (!document.has('apiVersion')) document.set('apiVersion', 'v1');
    if (!document.has('kind')) document.set('kind', 'Config');
  });
}

/**
 * Takes the context out again. Where nothing else was changed in between, the file is byte for byte what it was before the context was put in; a file that
 * there was not is removed.
 */
export async function unmergeKubeconfig(path: string, name: string): Promise<void> {
  const target = await followed(path);
  const text = await readKubeconfig(target);
  if (text === null) return;
  const before = await readKubeconfig(backupOf(target));
  if (before !== null && without(text, name) === without(before === '' ? 'apiVersion: v1\nkind: Config\n' : before, name)) {
    try {
      if (before === '') await rm(target, { force: true });
      else await replace(target, before, await modeOf(target));
      await rm(backupOf(target), { force: true });
      return;
    } catch (cause) {
      throw notWritten(target, cause);
    }
  }
  await change(path, (document) => removeEntries(document, name));
}

function entriesOf({ name, server, identity, namespace }: KubeContext) {
  const extensions = [{ name: mark, extension: 'made by Slipway' }];
  return {
    clusters: { name, cluster: { server, 'certificate-authority-data': base64(identity.cert), extensions } },
    users: { name, user: { 'client-certificate-data': base64(identity.cert), 'client-key-data': base64(identity.key) } },
    contexts: { name, context: { cluster: name, user: name, ...(namespace ? { namespace } : {}), extensions } },
  };
}

async function change(path: string, edit: (document: Document) => void): Promise<void> {
  const target = await followed(path);
  const text = await readKubeconfig(target);
  const document = parse(text ?? '', target);
  edit(document);
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await keepBackup(target, text);
    await replace(target, document.toString({ lineWidth: 0 }), text === null ? 0o600 : await modeOf(target));
  } catch (cause) {
    throw notWritten(target, cause);
  }
}

/** A document whose sections are lists; anything else is not touched. */
function parse(text: string, path: string): Document {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: true });
  const isEmpty = document.contents === null;
  const spoilt = document.errors.length > 0 || (!isEmpty && !isMap(document.contents));
  if (spoilt) throw broken(path);
  if (isEmpty) document.contents = document.createNode({}) as never;
  for (const section of sections) {
    const value = document.get(section);
    if (value !== undefined && value !== null && !isSeq(value)) throw broken(path);
  }
  return document;
}

function listOf(document: Document, section: string): YAMLSeq {
  const found = document.get(section);
  if (isSeq(found)) {
    found.flow = found.items.length > 0 ? (found.flow ?? false) : false;
    return found;
  }
  const list = document.createNode([]) as YAMLSeq;
  list.flow = false;
  document.set(section, list);
  return list;
}

function indexOf(list: YAMLSeq, name: string): number {
  return list.items.findIndex((item) => isMap(item) && item.get('name') === name);
}

/** Users carry no extensions that kubectl keeps, so they are taken for ours by their name. */
function isOurs(item: unknown): boolean {
  if (!isMap(item)) return false;
  const body = item.get('cluster') ?? item.get('context');
  if (!isMap(body)) return item.has('user');
  const extensions = body.get('extensions');
  return isSeq(extensions) && extensions.items.some((extension) => isMap(extension) && (extension as YAMLMap).get('name') === mark);
}

function removeEntries(document: Document, name: string): void {
  const contexts = document.get('contexts');
  const isHere = isSeq(contexts) && isOurs((contexts as YAMLSeq).get(indexOf(contexts as YAMLSeq, name)));
  if (!isHere) return;
  for (const section of sections) {
    const list = document.get(section);
    if (!isSeq(list)) continue;
    const at = indexOf(list as YAMLSeq, name);
    if (at >= 0) (list as YAMLSeq).delete(at);
  }
  if (document.get('current-context') === name) document.set('current-context', '');
}

/** What a file says apart from one context, for a comparison. */
function without(text: string, name: string): string {
  try {
    const document = parse(text, '');
    removeEntries(document, name);
    const content = (document.toJSON() ?? {}) as Record<string, unknown>;
    for (const section of sections) if (Array.isArray(content[section]) && content[section].length === 0) delete content[section];
    return JSON.stringify(content);
  } catch {
    return text;
  }
}

const backupOf = (path: string) => `${path}.before-slipway`;

/** The copy of the file as it was before Slipway's first entry; empty when there was none. */
async function keepBackup(path: string, text: string | null): Promise<void> {
  if (text?.includes(mark)) return;
  if (text === null) await replace(backupOf(path), '', 0o600);
  else {
    await copyFile(path, backupOf(path));
    await chmod(backupOf(path), 0o600);
  }
}

/** A link is followed, so that it stays one. */
async function followed(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function readKubeconfig(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size > maxBytes) throw broken(path);
    return await readFile(path, 'utf8');
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw caught instanceof AppError ? caught : notWritten(path, caught);
  }
}

async function modeOf(path: string): Promise<number> {
  return (await lstat(path)).mode & 0o777;
}

/** Beside the file, flushed, then over it: a reader sees the old one or the new one. Only a file that may be written is replaced. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  await refuseReadOnly(path);
  const aside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(aside, 'w', mode);
    try {
      await file.writeFile(text);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (caught) {
    await unlink(aside).catch(() => {}); // the failure before is the one to tell
    throw caught;
  }
}

/** What somebody made read-only is not replaced, although a rename could. */
async function refuseReadOnly(path: string): Promise<void> {
  try {
    if (((await lstat(path)).mode & 0o222) === 0) throw Object.assign(new Error('read-only'), { code: 'EACCES' });
    await (await open(path, 'r+')).close();
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code !== 'ENOENT') throw caught;
  }
}

function broken(path: string): AppError {
  return new AppError(
    'disk',
    `${path} is not a kubeconfig that Slipway understands, so it was left as it is. Use the one in Slipway’s own terminal tab.`,
    { details: { path } },
  );
}

function notWritten(path: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const why =
    code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'Slipway may not write there' : code === 'ENOSPC' ? 'the disk is full' : code;
  return new AppError('disk', `${path} could not be changed: ${why}. It is as it was.`, { details: { path }, cause });
}
