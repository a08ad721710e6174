import channelModule from 'ssh2/lib/Channel.js';
import type { Channel } from '../ssh2-internals.ts';

// ssh2 renews a window only when half of it is used, which settles at half a window per round trip. Here it is renewed
// as soon as 96 KB are worth a message.

/** ssh2's own window for a channel. */
const usual = 2 * 1024 * 1024;
const worthAMessage = 96 * 1024;

channelModule.WINDOW_THRESHOLD = Number.POSITIVE_INFINITY;
channelModule.windowAdjust = (channel: Channel) => {
  if (channel.outgoing.state === 'closed') return;
  const missing = usual - channel.incoming.window;
  if (missing < worthAMessage) return;
  channel.incoming.window += missing;
  channel._client._protocol.channelWindowAdjust(channel.outgoing.id, missing);
};
