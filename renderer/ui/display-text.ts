/** Control characters, and the invisible marks that turn or hide text. */
const misleading = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Text from outside as it may be drawn on one line: misleading characters visible as �, and no longer than `most` UTF-16 units. */
export function displayText(text: string, most = 300): string {
  const cut = text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
  return cut.replace(misleading, '\ufffd');
}
