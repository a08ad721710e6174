// SFTP version 3 has names in bytes, which are UTF-8 on nearly all servers. Bytes that are not stand in our texts as lone surrogates, U+DC80 to
// U+DCFF, one for each byte, so that every name can be shown and goes back as it came.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const isEscaped = /[\uDC80-\uDCFF]/;

/** The text of a name or path. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeBrokenName(bytes);
  }
}

function decodeBrokenName(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at]!);
    const piece = bytes.subarray(at, at + length);
    try {
      text += strict.decode(piece);
      at += length;
    } catch {
      text += String.fromCharCode(0xdc00 + bytes[at]!);
      at++;
    }
  }
  return text;
}

function sequenceLength(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The bytes of a name that `decodeName` gave, or of any other text. */
export function encodeName(text: string): Buffer {
  if (!isEscaped.test(text)) return Buffer.from(text, 'utf8');
  const pieces: Buffer[] = [];
  let plain = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0xdc80 || code > 0xdcff) {
      plain += character;
      continue;
    }
    pieces.push(Buffer.from(plain, 'utf8'), Buffer.from([code - 0xdc00]));
    plain = '';
  }
  pieces.push(Buffer.from(plain, 'utf8'));
  return Buffer.concat(pieces);
}
