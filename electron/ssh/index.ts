// Everything outside imports SSH from here. Load it on first use: ssh2 takes its time to load.

export type { SessionChannel, SessionEnd } from './channels/session-channel.ts';
export { connectSsh, type SshConnectOptions, type SshIdentity, sshIdentity } from './client.ts';
export type { SshConnection } from './connection.ts';
export type { TakeConnection } from './remote-forwards.ts';
export { type AgentIdentity, SshAgent } from './ssh-agent.ts';
export type { Transport } from './transport.ts';
