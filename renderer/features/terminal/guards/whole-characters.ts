import type { Terminal } from '@xterm/xterm';

/**
 * Hands bytes to xterm's UTF-8 decoder only up to the end of a character, and keeps the one to three bytes of a character that goes on
 * in the next piece. By itself xterm 6.0.0 loses such a character when one of its bytes is 0x80 (as in ’, “, … and –).
 */
export function keepCharactersWhole(terminal: Terminal): void {
  const decoder = terminal._core._inputHandler._utf8Decoder;
  const decode = decoder.decode.bind(decoder);
  let begun = new Uint8Array(0);
  decoder.decode = (input, target) => {
    let bytes = input;
    if (begun.length > 0) {
      bytes = new Uint8Array(begun.length + input.length);
      bytes.set(begun);
      bytes.set(input, begun.length);
    }
    const whole = bytes.length - unfinished(bytes);
    begun = bytes.slice(whole);
    return decode(bytes.subarray(0, whole), target);
  };
}

/** How many bytes at the end begin a character that they do not complete: 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  for (const [index, byte] of bytes.subarray(-3).toReversed().entries()) {
    const back = index + 1;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue; // goes on from a byte before
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf8 ? 4 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
