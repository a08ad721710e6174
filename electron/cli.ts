import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli/run-cli.ts';

/** The command line, run by Node: `slipway open|ls|ssh|proxy|ssh-config`. */
const { env, platform } = process;
const folders: Partial<Record<NodeJS.Platform, string>> = {
  darwin: join(homedir(), 'Library/Application Support/Slipway'),
  win32: join(env.APPDATA ?? homedir(), 'Slipway'),
};
const home = env.SLIPWAY_HOME || (folders[platform] ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Slipway'));
process.exitCode = await runCli(process.argv.slice(2), { home });
