const units = ['KB', 'MB', 'GB', 'TB'];

/** A number of bytes as people read it: `512 bytes`, `1.4 MB`. Units of 1000. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
