// npm run build: generated protobuf code, the Node bundles, the page. `--gallery` and `--cluster` add what only tests and developers need.
import { build as buildPage } from 'vite';
import { bundleApp, bundleCluster, root } from './bundle.mjs';
import { generateProto } from './proto.mjs';

export async function buildAll({ cluster = false, gallery = false } = {}) {
  generateProto();
  const page = (mode) => buildPage({ configFile: `${root}/build/vite.config.ts`, mode, logLevel: 'warn' });
  await Promise.all([bundleApp(), cluster && bundleCluster(), page('production')]);
  if (gallery) await page('gallery');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await buildAll({ cluster: process.argv.includes('--cluster'), gallery: process.argv.includes('--gallery') });
}
