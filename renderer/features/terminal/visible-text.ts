/** Controls, line and paragraph separators, bidirectional marks and overrides, zero-width and invisible characters, tags. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const invisible = /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Text that a program chose, fit for one line of the window around it: nothing invisible, nothing that turns the reading direction, at most `limit` characters. */
export function visibleText(text: string, limit: number): string {
  const clean = text
    .slice(0, limit * 8)
    .replace(invisible, '')
    .trim();
  const characters = Array.from(clean);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : clean;
}
