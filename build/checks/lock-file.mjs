// What package-lock.json has to hold so that `npm ci` works on every system, not only on the one where it was written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The systems that Slipway is built on. */
const systems = ['linux', 'darwin', 'win32'].flatMap((os) => ['x64', 'arm64'].map((cpu) => ({ os, cpu })));

/** Packages that carry a binary of their own for each system, by the beginning of the names of those packages. */
const perSystem = [
  '@biomejs/cli-',
  '@oxc-parser/binding-',
  '@rolldown/binding-',
  '@esbuild/',
  '@koromix/koffi-',
  '@lydell/node-pty-',
  'lightningcss-',
];

/** The lock file of the project in `root`, parsed. */
export const readLock = (root) => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/**
 * What is wrong with a parsed lock file, one sentence each; none when it is good. npm leaves packages of other systems out of the
 * lock when it is written beside a filled node_modules, and `npm ci` then refuses it everywhere.
 */
export function lockProblems({ packages }) {
  const problems = [];
  for (const [path, { optionalDependencies = {}, resolved }] of Object.entries(packages)) {
    if (resolved !== undefined) problems.push(`${path} names the address it was downloaded from`);
    for (const name of Object.keys(optionalDependencies))
      if (!isLocked(packages, path, name)) problems.push(`${name}, which ${path} may need, is missing`);
  }
  for (const prefix of perSystem) {
    const entries = Object.entries(packages).filter(([path]) => path.includes(`node_modules/${prefix}`));
    for (const { os, cpu } of systems)
      if (!entries.some(([, entry]) => entry.os?.includes(os) && entry.cpu?.includes(cpu)))
        problems.push(`${prefix}… for ${os} on ${cpu} is missing`);
  }
  return problems;
}

/** Node's own search: the folder of the package, then each folder above it. */
function isLocked(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder}${folder && '/'}node_modules/${name}`]) return true;
    if (folder === '' || !folder.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}
