import { createHash } from 'node:crypto';

const suffix = '.slipway-part';
const longestName = 255;

/** What `partName` makes of any name. */
export const isPartName = (name: string): boolean => name.startsWith('.') && name.endsWith(suffix);

/** The file that grows beside its target until it is whole. */
export function partName(name: string): string {
  const usual = `.${name}${suffix}`;
  if (Buffer.byteLength(usual) <= longestName) return usual;
  return `.${createHash('sha256').update(name).digest('hex')}${suffix}`;
}
