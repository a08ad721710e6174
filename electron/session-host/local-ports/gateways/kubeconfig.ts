import { lstat, open, realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { diskReason } from '../../../lib/disk-error.ts';
import { makeFolders } from '../../../lib/make-folders.ts';
import { decodeUtf8, readPlainFile, UnreadableFile } from '../../../lib/read-file.ts';
import { replaceFile, sweepTemporaries } from '../../../lib/replace-file.ts';
import type { KubeExtras } from '../saved-connections.ts';
import { extrasOf, hasOurs, type KubeContext, newEntries, putContext, readDocument, removeContext, sameApartFrom } from './kubeconfig-document.ts';

/** Kubeconfigs of hundreds of clusters are far smaller; a larger file is not one. */
const maxBytes = 4 * 1024 * 1024;

/** A kubeconfig with this context alone, mode 0600 in folders of mode 0700. */
export async function writeOwnKubeconfig(path: string, context: KubeContext): Promise<void> {
  const { clusters, users, contexts } = newEntries(context, '');
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [clusters],
    users: [users],
    contexts: [contexts],
    'current-context': context.name,
  });
  await written(path, async () => {
    await makeFolders(dirname(path));
    sweepTemporaries(dirname(path));
    await replaceFile(path, text);
  });
}

export async function removeOwnKubeconfig(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Puts the context into the person's own kubeconfig, or renews it there. Everything else in that file stays as it is: comments, the current context, and what
 * a person or kubectl has set on the context, such as its namespace. Before the first change the file is copied to `<path>.before-slipway`. A file that
 * cannot be understood or written is left alone: `disk`.
 */
export async function mergeKubeconfig(path: string, context: KubeContext): Promise<void> {
  const target = await followed(path);
  const before = await readKubeconfig(target);
  const document = documentOf(before ?? Buffer.alloc(0), target);
  putContext(document, context);
  await written(target, async () => {
    await makeFolders(dirname(target));
    sweepTemporaries(dirname(target));
    if (!before || !hasOurs(before.toString())) await replaceFile(backupOf(target), before ?? '');
    await replaceWritable(target, document.toString({ lineWidth: 0 }));
  });
}

/**
 * Takes the context out again; where it was the current one, the one before it is again. Where nothing else was changed in between, the file is byte for byte
 * what it was before the context was put in; a file that there was not is removed. The copy of before goes with the last context of ours. Resolves with what
 * others had set on the context, for the next time; null when it was not there.
 */
export async function unmergeKubeconfig(path: string, name: string): Promise<KubeExtras | null> {
  const target = await followed(path);
  const now = await readKubeconfig(target);
  if (now === null) {
    await written(target, () => rm(backupOf(target), { force: true }));
    return null;
  }
  const document = documentOf(now, target);
  const before = await readKubeconfig(backupOf(target)).catch(() => null);
  const isAsBefore = before !== null && sameApartFrom(name, now.toString(), before.toString() || newFile);
  const extras = extrasOf(document, name);
  const isThere = removeContext(document, name);
  const left = document.toString({ lineWidth: 0 });
  await written(target, async () => {
    if (isAsBefore && before.length === 0) await rm(target, { force: true });
    else if (isAsBefore) await replaceWritable(target, before);
    else if (isThere) await replaceWritable(target, left);
    if (isAsBefore || !hasOurs(left)) await rm(backupOf(target), { force: true });
  });
  return extras;
}

/** What there is besides entries in a file that was not there before. */
const newFile = 'apiVersion: v1\nkind: Config\n';

function documentOf(bytes: Buffer, path: string) {
  try {
    const document = readDocument(decodeUtf8(bytes));
    if (document) return document;
  } catch (caught) {
    // The file is nested so deeply that parsing it runs out of stack, or has another encoding.
    if (!(caught instanceof RangeError || caught instanceof UnreadableFile)) throw caught;
  }
  throw broken(path);
}

/** The copy of the file as it was before Slipway's first entry; empty when there was none. */
const backupOf = (path: string) => `${path}.before-slipway`;

/** The target of a link, so that the copy of the file lies beside it. */
async function followed(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function readKubeconfig(path: string): Promise<Buffer | null> {
  try {
    return readPlainFile(path, maxBytes);
  } catch (caught) {
    throw caught instanceof UnreadableFile ? broken(path) : notWritten(path, caught);
  }
}

/** A read-only file is not replaced, although a rename could do it. */
async function replaceWritable(path: string, content: string | Uint8Array): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found && (found.mode & 0o222) === 0) throw Object.assign(new Error('read-only'), { code: 'EACCES' });
  if (found) await (await open(path, 'r+')).close();
  await replaceFile(path, content, { mode: 'kept' });
}

async function written(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (caught) {
    throw notWritten(path, caught);
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
  return new AppError('disk', `${path} could not be changed: ${diskReason(cause)}. It is as it was.`, { details: { path }, cause });
}
