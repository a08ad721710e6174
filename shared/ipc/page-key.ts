/** Where a page of the browser host shows the token of its address, or the key that it has, and gets the key. */
export const pageKeyPath = '/page-key';

/** The name of the contract's WebSockets. */
export const socketProtocol = 'slipway';

/** What a page's WebSocket asks for: pages can send no other header with one. */
export const socketProtocols = (key: string): string[] => [socketProtocol, key];
