import { createHash } from 'node:crypto';

const suffix = '.slipway-part';
const longestName = 255;

/** The file that grows beside its target until it is whole. */
export function partName(name: string): string {
  const usual = `.${name}${suffix}`;
  if (Buffer.byteLength(usual) <= longestName) return usual;
  return `.${createHash('sha256').update(name).digest('hex')}${suffix}`;
}
