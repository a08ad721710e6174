/** Controls that have no business in pasted text: C0 but tab, newline and return, DEL, and C1. Escape is among them, so no paste can end its own bracket. */
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** The text as it may be sent to a shell. */
export function cleanPaste(text: string): string {
  return text.replace(controls, '');
}

/** A shell that has not asked for bracketed paste runs each line as it arrives, so a person should see them first. */
export function pasteNeedsConsent(text: string, bracketed: boolean): boolean {
  return !bracketed && /[\r\n]/.test(text);
}

/** Lines as a person counts them: a newline at the end starts none. */
export function countLines(text: string): number {
  return text.replace(/(\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/).length;
}
