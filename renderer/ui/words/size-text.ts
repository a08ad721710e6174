const units = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** A number of bytes as people read it, in units of 1000 with three digits: `999 B`, `1.21 kB`, `34.5 MB`. */
export function sizeText(bytes: number): string {
  if (!(bytes >= 1000)) return `${Math.max(0, Math.round(bytes) || 0)} B`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
