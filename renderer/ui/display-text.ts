import { misleadingCharacter } from '../../shared/lib/misleading-text.ts';

const plain = /^[\x20-\x7e]*$/;
const misleading = new RegExp(misleadingCharacter, 'gu');

/** Text from outside as it may be drawn on one line: misleading characters visible as �, and no longer than `most` UTF-16 units. */
export function displayText(text: string, most = 300): string {
  const cut = text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return plain.test(cut) ? cut : cut.replace(misleading, '\ufffd');
}
