import { AppError } from '../../../shared/errors/app-error.ts';
import type { ChannelOpenInfo, Client } from '../ssh2-internals.ts';
import type { ChannelInput } from './channel-input.ts';
import type { SendGate } from './send-gate.ts';

/** No server asks this much without reading answers; beyond it the answers would fill our memory. */
const mostUnreadAnswers = 1000;

export interface MessageRules {
  /**
   * The input of each channel, by our number of it. A missing channel has been closed here, and what still arrives for it is
   * dropped.
   */
  inputs: ReadonlyMap<number, ChannelInput>;
  gate: SendGate;
  /** Called when the server opens a channel; returns true when it was taken. */
  opened(info: ChannelOpenInfo): boolean;
  /** The server broke the connection's rules. */
  broken(error: AppError): void;
}

/**
 * Puts Slipway's rules before ssh2's. Output goes to its channel's input within the window; global requests are refused; a server
 * that asks without reading the answers loses the connection, because answers would pile up here without end.
 */
export function setMessageRules(client: Client, { inputs, gate, opened, broken }: MessageRules): void {
  const { _protocol: protocol } = client;
  const handlers = protocol._handlers;
  const { CHANNEL_WINDOW_ADJUST: grow, CHANNEL_REQUEST: request } = handlers;
  let unread = 0;
  const mayAnswer = (): boolean => {
    unread = gate.hasUnsent ? unread + 1 : 0;
    if (unread <= mostUnreadAnswers) return true;
    broken(new AppError('bad-response', 'The server asked thousands of questions without reading the answers, so Slipway closed the connection.'));
    return false;
  };
  handlers.CHANNEL_DATA = (_protocol, recipient, data) => inputs.get(recipient)?.receive(data, null);
  handlers.CHANNEL_EXTENDED_DATA = (_protocol, recipient, data, type) => inputs.get(recipient)?.receive(data, type);
  handlers.CHANNEL_WINDOW_ADJUST = (_protocol, recipient, bytes) => {
    if (inputs.get(recipient)?.mayGrow(bytes)) grow(protocol, recipient, bytes);
  };
  handlers.CHANNEL_REQUEST = (_protocol, recipient, type, wantReply, data) => {
    if (!wantReply || mayAnswer()) request(protocol, recipient, type, wantReply, data);
  };
  handlers.GLOBAL_REQUEST = (_protocol, _name, wantReply) => {
    if (wantReply && mayAnswer()) protocol.requestFailure();
  };
  handlers.CHANNEL_OPEN = (_protocol, info) => {
    if (!opened(info) && mayAnswer()) protocol.channelOpenFail(info.sender, 1, '');
  };
}
