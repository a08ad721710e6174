import type { FileSystem } from '../file-systems/file-system.ts';

export interface TextFile {
  text: string;
  size: number;
  isCut: boolean;
  isBinary: boolean;
}

/** The beginning of a file as text; `isBinary` when it has zero bytes or much that is no UTF-8. */
export async function readText(fileSystem: FileSystem, path: string, limit: number): Promise<TextFile> {
  const { size } = await fileSystem.stat(path);
  const bytes = await fileSystem.readRange(path, 0, limit + 1);
  const isCut = bytes.length > limit || size > bytes.length;
  const shown = bytes.subarray(0, limit);
  const text = new TextDecoder('utf-8').decode(shown, { stream: isCut });
  const broken = text.split('\ufffd').length - 1;
  const isBinary = shown.includes(0) || broken > text.length / 100;
  return { text: isBinary ? '' : text, size: Math.max(size, bytes.length), isCut, isBinary };
}
