// The only door to SSH. Load it on first use: it takes its time.
export { type SshConnectOptions, type SshIdentity, type Transport, connectSsh, sshIdentity } from './client.ts';
export type { SshConnection } from './connection.ts';
export type { SessionChannel, SessionEnd } from './session-channel.ts';
export { SshAgent } from './ssh-agent.ts';
