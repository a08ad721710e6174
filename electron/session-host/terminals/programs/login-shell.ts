import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

export interface LoginShell {
  readonly file: string;
  readonly args: readonly string[];
}

/** The shell that the person's account has, as the OS's own terminal starts it. */
export function loginShell(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): LoginShell {
  if (platform === 'win32') return { file: 'powershell.exe', args: ['-NoLogo'] };
  const file = accountShell() || env.SHELL || '/bin/sh';
  // A Mac app inherits next to no environment; a login shell sets it up, as in Terminal.app.
  return { file, args: platform === 'darwin' ? ['-l'] : [] };
}

function accountShell(): string | null {
  try {
    const { shell } = userInfo();
    return shell && !/\/(nologin|false)$/.test(shell) ? shell : null;
  } catch {
    return null;
  }
}

const loopbackNames = ['127.0.0.1', 'localhost', '::1'];

/** Where a web proxy is named, addresses of this computer are no business of it: Slipway's local connections are such. */
function withoutProxyOnLoopback(env: Record<string, string>): Record<string, string> {
  const value = (wanted: RegExp) => Object.entries(env).find(([name, text]) => wanted.test(name) && text !== '')?.[1];
  if (value(/^(https?|all)_proxy$/i) === undefined) return {};
  const merged = (name: string) => {
    const own = (env[name] ?? value(/^no_proxy$/i) ?? '').split(',').filter((part) => part.trim() !== '');
    return own.includes('*') ? '*' : [...own, ...loopbackNames.filter((one) => !own.includes(one))].join(',');
  };
  // Programs read the one or the other.
  return { NO_PROXY: merged('NO_PROXY'), no_proxy: merged('no_proxy') };
}

/** The environment of a local shell: the app's own, without what is meant for the app itself. */
export function shellEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const ofTheApp = /^(ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_|npm_|CHROME_DESKTOP$|ORIGINAL_XDG_|VITEST|SLIPWAY_)/i;
  const kept = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !ofTheApp.test(entry[0]));
  const own = Object.fromEntries(kept);
  return { ...own, ...withoutProxyOnLoopback(own), TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'Slipway' };
}

/** `wanted` where it is a folder, otherwise the home folder. */
export function startFolder(wanted: string): string {
  try {
    if (wanted && statSync(wanted).isDirectory()) return wanted;
  } catch {
    // It is gone; home is the next best place.
  }
  return homedir();
}
