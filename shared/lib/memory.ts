/** Memory that has one owner at a time, so that whoever has it last can free it. */
const owned = new WeakSet<ArrayBufferLike>();

/** Promises that nobody else has a view of the memory behind `bytes`. */
export function own<T extends Uint8Array>(bytes: T): T {
  owned.add(bytes.buffer);
  return bytes;
}

/**
 * Gives the memory behind `bytes` back to the system at once, if it is owned; `bytes` is empty then. The garbage collector would do it later, which in
 * Electron means new pages for every buffer: they cost more than what is done with them.
 */
export function free(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (!owned.delete(buffer)) return;
  // Node 20 has no `transfer`.
  if (buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}
