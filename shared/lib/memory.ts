/** Memory with one owner at a time, so that the last owner can free it. */
const owned = new WeakSet<ArrayBufferLike>();

/** Declares that nothing else has a view of the memory behind `bytes`. */
export function own<T extends Uint8Array>(bytes: T): T {
  owned.add(bytes.buffer);
  return bytes;
}

/**
 * Returns the memory behind `bytes` to the system at once, if it is owned; `bytes` is empty afterwards. The garbage collector would
 * do it later, and in Electron every new buffer would then need new pages, which cost more than the work on them.
 */
export function free(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (!owned.delete(buffer)) return;
  // Node 20 has no `transfer`.
  if (buffer instanceof ArrayBuffer) buffer.transfer?.(0);
}
