// The only door to SSH. Load it on first use: it takes its time.

export type { SessionChannel, SessionEnd } from './channels/session-channel.ts';
export { connectSsh, type SshConnectOptions, type SshIdentity, sshIdentity } from './client.ts';
export type { SshConnection } from './connection.ts';
export type { TakeConnection } from './remote-forwards.ts';
export { type AgentIdentity, SshAgent } from './ssh-agent.ts';
export type { Transport } from './transport.ts';
