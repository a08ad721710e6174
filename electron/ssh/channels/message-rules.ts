import { AppError } from '../../../shared/errors/app-error.ts';
import type { ChannelOpenInfo, Client } from '../ssh2-internals.ts';
import type { ChannelInput } from './channel-input.ts';
import type { SendGate } from './send-gate.ts';

/** More of them unread than any server has questions. */
const mostUnreadAnswers = 1000;

export interface MessageRules {
  /** By our number of the channel: what takes its output. A channel that is not in it has been closed here, and what still comes is dropped. */
  inputs: ReadonlyMap<number, ChannelInput>;
  gate: SendGate;
  /** The server opens a channel; true when it was taken. */
  opened(info: ChannelOpenInfo): boolean;
  /** The server broke the connection's rules. */
  broken(error: AppError): void;
}

/**
 * Puts Slipway's rules before ssh2's: output goes to its channel's input within the window, global requests are refused, and a server that asks without
 * reading the answers loses the connection, as they would gather here without end.
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
