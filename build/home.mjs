// Where a run from a checkout keeps its data: beside node_modules, not in it, since `npm ci` empties that folder.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** The data folder of runs from the checkout `root`. */
export const checkoutHome = (root) => join(root, '.slipway/home');

/** Moves the data of a checkout that still has it in node_modules, its former place. Nothing is overwritten. */
export function moveOldHome(root) {
  const old = join(root, 'node_modules/.slipway-home');
  if (!existsSync(old)) return;
  mkdirSync(join(root, '.slipway'), { recursive: true, mode: 0o700 });
  const home = checkoutHome(root);
  let target = home;
  for (let count = 1; existsSync(target); count++) target = `${home}-old-${count}`;
  renameSync(old, target);
}
