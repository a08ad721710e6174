/** The path where a page of the browser host exchanges the token of its address, or a key that it has, for the key. */
export const pageKeyPath = '/page-key';

/** The name of the contract's WebSockets. */
export const socketProtocol = 'slipway';

/** The WebSocket subprotocols that a page requests; the key is in one of them, because pages can set no other header. */
export const socketProtocols = (key: string): string[] => [socketProtocol, key];
