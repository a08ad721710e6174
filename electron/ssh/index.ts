// SSH for the rest of the app: the client, the agent, certificates, SFTP. The protocol is ssh2's; `hooks/` adds what it lacks
// (certificates, faster GCM, windows), and only `ssh2.ts` imports it. `channels/` bounds what a server may send and tells when our
// bytes have left; `sftp/` is a client of its own on a channel; `server.ts` is a small server for tests and the self-test.
// Everything outside imports from here, or from `sftp/sftp.ts`, which loads no ssh2. Load it on first use: ssh2 takes its time to
// load.

export type { SessionChannel, SessionEnd } from './channels/session-channel.ts';
export { connectSsh, type SshConnectOptions, type SshIdentity, sshIdentity } from './client.ts';
export type { SshConnection } from './connection.ts';
export type { TakeConnection } from './remote-forwards.ts';
export { type AgentIdentity, SshAgent } from './ssh-agent.ts';
export type { Transport } from './transport.ts';
