import { sep } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileSystem } from './file-system.ts';

export interface LinkPlace {
  /** The tree that may be led to, on the sending file system: the link's own source. */
  sourceRoot: string;
  /** Path of the link on the sending file system, and what it says there. */
  source: string;
  target: string;
}

/**
 * What a link says at its new place: the same way within the tree, always relative, with slashes. Throws for links that lead out of the tree: they are
 * left out, and never followed.
 */
export function linkWithin(fileSystem: FileSystem, { sourceRoot, source, target }: LinkPlace): string {
  const steps = (path: string) => path.split(fileSystem.isLocal ? sep : '/').filter((step) => step !== '');
  const { folder } = fileSystem.split(source);
  const leadsTo = steps(fileSystem.absolute(target, folder));
  const root = steps(sourceRoot);
  if (!root.every((step, index) => step === leadsTo[index]))
    throw new AppError('conflict', `It was left out: it is a link to ${target}, outside of what is copied.`);
  const here = steps(folder);
  let common = 0;
  while (common < here.length && common < leadsTo.length && here[common] === leadsTo[common]) common++;
  return [...here.slice(common).map(() => '..'), ...leadsTo.slice(common)].join('/') || '.';
}
