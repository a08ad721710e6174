import { AppError } from '../../../shared/errors/app-error.ts';

const forbidden = /[/\\\0]|\.\./;
const forbiddenOnWindows = /[:*?"<>|]|[. ]$/;

/**
 * Refuses names that would leave their folder: tsh uses user and cluster names raw as file names
 * (tsh-profile §1.2), so a second client must say no itself.
 */
export function checkFileName(what: string, name: string, platform: NodeJS.Platform = process.platform): string {
  const bad = name === '' || name === '.' || name.length > 200 || forbidden.test(name) || (platform === 'win32' && forbiddenOnWindows.test(name));
  if (!bad) return name;
  const shown = JSON.stringify(name.slice(0, 60));
  throw new AppError(
    'bad-response',
    `The ${what} ${shown} cannot be used as a file name, so this login cannot be stored. Ask the cluster's administrator about that name.`,
  );
}

/** The profile name of a web address: its host without port, IPv6 without brackets (tsh-profile §1.2). */
export function profileNameOf(address: string): string {
  return splitAddress(address).host;
}

/** `host:port` apart; port 0 when there is none. The host loses IPv6 brackets. */
export function splitAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(address);
  if (!match) return { host: address, port: 0 };
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3] ?? 0) };
}
