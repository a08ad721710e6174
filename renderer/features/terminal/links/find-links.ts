/** A web address in a text: where it stands, in UTF-16 units, and as it is written there. */
export interface FoundLink {
  start: number;
  end: number;
  text: string;
}

/** Longer ones are not opened. */
const longest = 8192;

const scheme = /https?:\/\//gi;
/** Ends a link wherever it stands: spaces, controls, and quotes and brackets that no address holds unescaped. */
const ending = /[\s\p{Cc}\p{Cf}"<>`{}|\\^“”„«»‹›「」『』【】《》。、，；！？：）（]/u;
/** Signs that end a sentence, a quotation or a word of Markdown. They belong to a link only when something follows them. */
const trailing = new Set([...`.,;:!?'*_~‘’‚…·-`]);
const openers: Record<string, string> = { ')': '(', ']': '[' };

/**
 * The web addresses in a text of a terminal. Brackets that are opened inside an address belong to it; signs that end a sentence,
 * closing quotes and the emphasis of Markdown do not. Host names may be of any alphabet. Takes time in proportion to the text's length.
 */
export function findLinks(text: string): FoundLink[] {
  const found: FoundLink[] = [];
  scheme.lastIndex = 0;
  for (let match = scheme.exec(text); match; match = scheme.exec(text)) {
    const start = match.index;
    const begin = start + match[0].length;
    const end = cutEnd(text, begin, reach(text, begin));
    scheme.lastIndex = Math.max(begin, end);
    const link = text.slice(start, end);
    if (end > begin && link.length <= longest && hasHost(link)) found.push({ start, end, text: link });
  }
  return found;
}

/** Where the link ends at the latest: at an ending sign, or at a bracket that was not opened in it. */
function reach(text: string, begin: number): number {
  const open: string[] = [];
  const most = Math.min(text.length, begin + longest + 1);
  for (let at = begin; at < most; at++) {
    const sign = text.charAt(at);
    if (ending.test(sign)) return at;
    if (sign === '(' || sign === '[') open.push(sign);
    else if (openers[sign] !== undefined && open.pop() !== openers[sign]) return at;
  }
  return most;
}

/** Takes away signs at the end, and brackets that were opened and not closed with what follows them only when nothing does. */
function cutEnd(text: string, begin: number, reached: number): number {
  let end = reached;
  while (end > begin && (trailing.has(text.charAt(end - 1)) || text[end - 1] === '(' || text[end - 1] === '[')) end--;
  return end;
}

function hasHost(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { hostname, username, password } = new URL(link);
  return hostname !== '' && username === '' && password === '';
}
