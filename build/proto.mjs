// Makes proto/gen from proto/*.proto: one static module for all packages. Does nothing when it is newer than its sources.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = dirname(createRequire(import.meta.url).resolve('protobufjs-cli/package.json'));

export function generateProto() {
  const sources = readdirSync(join(root, 'proto'), { recursive: true })
    .filter((name) => name.endsWith('.proto'))
    .sort();
  if (sources.length === 0) return;
  const target = join(root, 'proto/gen/teleport.js');
  const types = join(root, 'proto/gen/teleport.d.ts');
  const newest = Math.max(...sources.map((name) => statSync(join(root, 'proto', name)).mtimeMs), statSync(fileURLToPath(import.meta.url)).mtimeMs);
  if (existsSync(target) && existsSync(types) && statSync(types).mtimeMs > newest) return;
  mkdirSync(dirname(target), { recursive: true });
  const fresh = `${target}.${process.pid}.js`;
  const freshTypes = `${types}.${process.pid}.d.ts`;
  const run = (tool, ...args) =>
    execFileSync(process.execPath, [join(cli, 'bin', tool), ...args], { cwd: join(root, 'proto'), stdio: ['ignore', 'inherit', 'inherit'] });
  run('pbjs', '-t', 'static-module', '-w', 'es6', '--keep-case', '--no-service', '-p', join(root, 'proto'), '-o', fresh, ...sources);
  run('pbts', '-o', freshTypes, fresh);
  renameSync(fresh, target);
  renameSync(freshTypes, types);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generateProto();
