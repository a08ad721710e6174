// The order matters: ssh2 takes copies of what the hooks replace when its own modules load. Nothing else imports `ssh2`.
import './hooks/key-parser.ts';
import './hooks/constants.ts';
import './hooks/protocol.ts';
import './hooks/channel.ts';
import ssh2 from 'ssh2';
import channelModule from 'ssh2/lib/Channel.js';

export const { Client, Server } = ssh2;
/** A channel that the server opened. */
export const Ssh2Channel = channelModule.Channel;
