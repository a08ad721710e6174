import { misleadingCharacter } from '../../../shared/lib/misleading-text.ts';

const unwanted = new RegExp(misleadingCharacter, 'gu');
const plain = /^[\x20-\x7E]*$/;
const unwantedExceptNewline = new RegExp(`(?!\\n)${misleadingCharacter}`, 'gu');

/** Text from a server, fit to be shown: no control characters or invisible marks, cut to `max` characters with an ellipsis. */
export function cleanText(text: unknown, max = 1000, options: { lines?: boolean } = {}): string {
  if (typeof text !== 'string' || text === '') return '';
  if (text.length <= max && plain.test(text)) return text;
  // Four times the length is enough to fill the result and bounds the work for a huge text.
  const cleaned = text
    .slice(0, max * 4)
    .replace(options.lines ? unwantedExceptNewline : unwanted, (mark) => (/\s/.test(mark) && mark !== '\uFEFF' ? ' ' : ''));
  if (cleaned.length <= max) return cleaned;
  const cut = cleaned.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
