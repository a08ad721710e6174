// The members of ssh2 1.17.0 that this folder uses, internals included. The version is pinned exactly because of them.
declare module 'ssh2/lib/protocol/keyParser.js' {
  const keyParser: {
    parseKey(data: unknown): import('./ssh2-internals.ts').ParsedKey | Error;
    parseDERKey(rest: Buffer, type: string): import('./ssh2-internals.ts').ParsedKey | Error;
  };
  export default keyParser;
}
declare module 'ssh2/lib/protocol/constants.js' {
  const constants: { SUPPORTED_SERVER_HOST_KEY: string[]; SUPPORTED_CIPHER: string[] };
  export default constants;
}
declare module 'ssh2/lib/protocol/utils.js' {
  const utils: { sendPacket(protocol: import('./ssh2-internals.ts').Protocol, packet: Buffer): boolean };
  export default utils;
}
declare module 'ssh2/lib/protocol/crypto.js' {
  export interface CipherConfig {
    seqno: number;
    cipherInfo: { sslName: string };
    cipherKey: Buffer;
    cipherIV: Buffer;
    onWrite(bytes: Buffer): void;
  }
  export interface DecipherConfig {
    seqno: number;
    decipherInfo: { sslName: string };
    decipherKey: Buffer;
    decipherIV: Buffer;
    onPayload(payload: Buffer): number | false | undefined;
  }
  interface Cipher {
    outSeqno: number;
    allocPacket(payloadLength: number): Buffer;
    encrypt(packet: Buffer): void;
    free(): void;
  }
  interface Decipher {
    inSeqno: number;
    decrypt(data: Buffer, start: number, end: number): number | undefined;
    free(): void;
  }
  const crypto: {
    CIPHER_INFO: Record<string, { sslName: string; keyLen: number; ivLen: number }>;
    createCipher(config: { outbound: CipherConfig }): Cipher;
    createDecipher(config: { inbound: DecipherConfig }): Decipher;
  };
  export default crypto;
}
declare module 'ssh2/lib/protocol/Protocol.js' {
  const Protocol: { prototype: import('./ssh2-internals.ts').Protocol };
  export default Protocol;
}
declare module 'ssh2/lib/Channel.js' {
  const channel: {
    Channel: new (client: import('./ssh2-internals.ts').Client, info: object) => import('./ssh2-internals.ts').Channel;
    WINDOW_THRESHOLD: number;
    windowAdjust(channel: import('./ssh2-internals.ts').Channel): void;
  };
  export default channel;
}
declare module 'ssh2' {
  const ssh2: {
    Client: new () => import('./ssh2-internals.ts').Client;
    Server: new (config: object, listener: (client: import('./ssh2-internals.ts').ServerClient) => void) => import('./ssh2-internals.ts').Server;
  };
  export default ssh2;
}
