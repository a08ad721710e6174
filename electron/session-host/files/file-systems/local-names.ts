// Control characters, and the marks that turn the order of writing: a name with them does not look like what it is.
const deceiving = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const deceivingAll = new RegExp(deceiving.source, 'g');
/** In UTF-16 units. No file system that is known has longer ones than 255 characters. */
const longestName = 510;
const noText = /[\ud800-\udfff]/u;
const windowsReserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
const windowsForbidden = /[<>:"\\|?*]/g;

/** Why a name is no name of a file at all, on any file system: nothing may be read or written by it. */
export function impossibleName(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'it is not the name of a file';
  if (name.includes('/')) return 'it has a slash in it';
  if (name.includes('\0')) return 'it has a zero byte in it';
  if (name.length > longestName) return 'it is longer than file systems allow';
  return null;
}

/** Something about a name that a person should know; null for plain ones. */
export function oddityOf(name: string, platform: NodeJS.Platform): string | null {
  if (noText.test(name)) return 'The name is not in UTF-8.';
  if (deceiving.test(name)) return 'The name has characters in it that cannot be seen.';
  if (localName(name, platform) !== name) return 'This computer cannot have a file of this name; downloaded, it gets another one.';
  return null;
}

const percent = (character: string) =>
  [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const percentByte = (character: string) => `%${(character.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * The name that a remote one gets on this computer: the same where it can be, with characters written as `%XX` where they cannot be seen, are no text,
 * or the platform does not take them. Null for names that are none.
 */
export function localName(name: string, platform: NodeJS.Platform): string | null {
  if (impossibleName(name) !== null) return null;
  let safe = name.replace(/[\ud800-\udfff]/gu, percentByte).replace(deceivingAll, percent);
  if (platform === 'win32') {
    safe = safe.replace(windowsForbidden, percent).replace(/[. ]+$/, (end) => [...end].map(percent).join(''));
    if (windowsReserved.test(safe)) safe = `${safe.slice(0, 2)}${percent(safe.charAt(2))}${safe.slice(3)}`;
  }
  return safe;
}

/** A name beside `name` that nobody has: `a (2).txt`. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}
