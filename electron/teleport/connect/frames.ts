/** What a piece of the outer stream brought: bytes of the inner one, frames to send back at once, and whether the other side ended. */
export interface Unframed {
  readonly data: Buffer[];
  readonly replies: Buffer[];
  readonly ended: boolean;
}

/** Carries a byte stream inside frames. Nothing is held back: bytes of a half received frame are passed on as they come. */
export interface FrameCodec {
  encode(payload: Buffer): Buffer;
  decode(chunk: Buffer): Unframed;
  /** The frame that announces the end of our bytes; empty when the framing has none. */
  readonly farewell: Buffer;
}
