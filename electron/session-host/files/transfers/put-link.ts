import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileSystem } from '../file-systems/file-system.ts';
import { linkWithin } from '../file-systems/links.ts';
import { notThere } from '../file-systems/not-there.ts';
import { partName } from './part-name.ts';
import { topOf } from './plan/plan-folder.ts';
import type { PlanItem } from './plan/plan-items.ts';

/** Makes a link like the source's. Rejects with `conflict` for one that leads out of what is copied, and where a folder stands. */
export async function putLink(from: FileSystem, to: FileSystem, { folder, source }: PlanItem, name: string): Promise<void> {
  const path = to.join(folder.target, name);
  const target = linkWithin(from, { sourceRoot: topOf(folder).source, source, target: await from.readLink(source) });
  const existing = await to.lstat(path).catch(notThere);
  if (existing?.kind === 'folder') throw new AppError('conflict', 'It was left out: a folder stands where the link should be.');
  if (!existing) return to.makeLink(path, target);
  // The link is made under another name first, so that what stands there stays when it cannot be made.
  const part = to.join(folder.target, partName(name));
  await to.removeFile(part).catch(notThere);
  await to.makeLink(part, target);
  await to.move(part, path);
}
