export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `beta.2` of `18.0.0-beta.2`; empty for a release. */
  readonly prerelease: string;
}

const pattern = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:-([0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?$/;
const oldest = 14;
const newest = 19;

/** Null when the text is no semantic version. */
export function parseVersion(text: string): Version | null {
  const match = pattern.exec(text);
  if (!match) return null;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]), prerelease: match[4] ?? '' };
}

/** Whether the server is at least this old; an unreadable version counts as a current one. */
export function isBefore(text: string, major: number, minor = 0): boolean {
  const version = parseVersion(text);
  return version !== null && (version.major < major || (version.major === major && version.minor < minor));
}

/** Servers up to 16 take one RSA key for SSH and TLS, in the field `pub_key` (login-and-auth §2.0). */
export function takesSingleKey(serverVersion: string): boolean {
  return isBefore(serverVersion, 17);
}

/** How a login names its keys (login-and-auth §2.0): one RSA key for SSH and TLS, or one for each. */
export type KeyForm = 'single' | 'pair';

/** Every 17 takes the single key too; builds before 17.0.0 that call themselves so may take nothing else. */
export function loginKeyForm(serverVersion: string): KeyForm {
  const { major, minor, patch, prerelease = '' } = parseVersion(serverVersion) ?? {};
  const isBefore17 = major === 17 && minor === 0 && patch === 0 && prerelease !== '';
  return takesSingleKey(serverVersion) || isBefore17 ? 'single' : 'pair';
}

/** Up to 15 a certificate for an app names a session that was asked for first, and no app wants a second factor (ssh-and-gateways §5.5, §11). */
export function wantsAppSession(serverVersion: string): boolean {
  return isBefore(serverVersion, 16);
}

/** Servers before 15.2 do not say which logins a person has on a server they list. */
export function listsNoLogins(serverVersion: string): boolean {
  return isBefore(serverVersion, 15, 2);
}

/** Servers before 15.1 know only the older connection upgrade, without WebSocket (login-and-auth §4.5). */
export function knowsOnlyLegacyUpgrade(serverVersion: string): boolean {
  return isBefore(serverVersion, 15, 1);
}

/** A sentence when Slipway does not support this server version, else null. */
export function versionWarning(serverVersion: string): string | null {
  const version = parseVersion(serverVersion);
  if (!version) return 'This cluster does not say which version of Teleport it runs. Some things may not work.';
  if (version.major < oldest)
    return `This cluster runs Teleport ${version.major}, which is older than Slipway supports (${oldest} to ${newest}). Some things may not work until it is upgraded.`;
  if (version.major > newest)
    return `This cluster runs Teleport ${version.major}, which is newer than this Slipway knows (${oldest} to ${newest}). If something does not work, update Slipway.`;
  return null;
}
