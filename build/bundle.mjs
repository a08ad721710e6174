// esbuild bundles of everything that runs in Node: out/main.js, out/session-host.js, out/browser-host.js (ES modules that
// share chunks in the same folder, so that a dynamic import is loaded from disk only when it is reached), out/preload.cjs and the icon.
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Native or optional parts stay outside the bundles. */
const external = ['electron', '@lydell/node-pty', 'koffi', 'cpu-features', 'bufferutil', 'utf-8-validate', '*.node'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.18',
  external,
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  legalComments: 'none',
};

/** Bundled CommonJS libraries use `require`, `__dirname` and `__filename`, which an ES module has not. */
const requireBanner = {
  js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
};

export function bundleModules(entryPoints, outdir, options = {}) {
  return build({ ...shared, entryPoints, outdir, format: 'esm', splitting: true, chunkNames: 'chunk-[hash]', banner: requireBanner, ...options });
}

export async function bundleApp({ minify = true } = {}) {
  const [{ metafile }] = await Promise.all([
    bundleModules(['electron/main.ts', 'electron/session-host.ts', 'electron/browser-host.ts', 'electron/cli.ts'], 'out', { minify, metafile: true }),
    build({ ...shared, minify, entryPoints: ['electron/preload.ts'], outfile: 'out/preload.cjs', format: 'cjs', external: ['electron'] }),
  ]);
  copyFileSync(join(root, 'build/icons/icon.png'), join(root, 'out/icon.png'));
  for (const name of readdirSync(join(root, 'out')))
    if (name.startsWith('chunk-') && !metafile.outputs[`out/${name}`]) rmSync(join(root, 'out', name));
}

/** The embedded cluster as a process of its own; never part of a package. */
export function bundleCluster() {
  return bundleModules({ cluster: 'test/cluster/main.ts', relay: 'test/cluster/relay.ts' }, 'out/test');
}
