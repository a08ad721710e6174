// The order matters: ssh2 takes copies of what the hooks replace when its own modules load. Nothing else imports `ssh2`.
import './hooks/key-parser.ts';
import './hooks/constants.ts';
import './hooks/protocol.ts';
import './hooks/channel.ts';
import ssh2 from 'ssh2';

export const { Client, Server } = ssh2;
