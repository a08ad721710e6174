import { type ChildProcess, spawn } from 'node:child_process';
import { homedir, userInfo } from 'node:os';
import { startPty } from '../../../electron/session-host/terminals/programs/pty-program.ts';
import { finishChannel, type ServerSession, type StartAnswer, type StartRequest } from '../../../electron/ssh/server-session.ts';
import type { Channel } from '../../../electron/ssh/ssh2-internals.ts';
import type { Faults } from '../faults.ts';
import { localLogin } from '../options.ts';
import { SftpNode } from './sftp-node.ts';

const shell = userInfo().shell || process.env['SHELL'] || '/bin/sh';
const path = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';

export interface SessionFacts {
  readonly login: string;
  /** What the node itself sets: `SSH_TELEPORT_USER` and its like. */
  readonly env: Readonly<Record<string, string>>;
  /** Running programs of the node, as functions that end them. */
  readonly programs: Set<() => void>;
  /** How file transfer misbehaves at the moment. */
  sftp(): Faults['sftp'];
}

/** Runs what a session channel asks for, as the local user, the way a Teleport node behaves (ssh-and-gateways §2.7). */
export function runSession(session: ServerSession, request: StartRequest, answer: StartAnswer, facts: SessionFacts): void {
  if (request.kind === 'subsystem' && (request.name !== 'sftp' || facts.sftp() === 'refused')) {
    answer.refuse(request.name === 'sftp' ? 'file copying via SCP or SFTP is not permitted\n' : `subsystem request for ${request.name} failed`);
    return;
  }
  const channel = answer.accept();
  channel.on('error', () => channel.close());
  if (facts.login !== localLogin && facts.login !== 'root') {
    // A real node has already answered the request when it notices this (ssh-and-gateways §2.7).
    const text = `Failed to launch: user: unknown user ${facts.login}.\r\n`;
    if (request.kind === 'subsystem') channel.stderr.write(text);
    else channel.write(text);
    finishChannel(channel, 255);
    return;
  }
  if (request.kind === 'subsystem') {
    SftpNode.serve(channel, { faults: facts.sftp });
    return;
  }
  const { HOME, LD_PRELOAD: _dropped, PATH: _reset, ...sent } = session.env;
  const home = HOME ?? homedir();
  const env = {
    SHELL: shell,
    USER: facts.login,
    LOGNAME: facts.login,
    HOME: home,
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    ...sent,
    ...facts.env,
    PATH: path,
  };
  if (session.pty) runInPty(session, request, channel, env, facts);
  else runPiped(session, request.kind === 'exec' ? [shell, '-c', request.command] : [shell], channel, env, facts);
}

function runInPty(session: ServerSession, request: StartRequest, channel: Channel, env: Record<string, string>, facts: SessionFacts): void {
  const term = session.pty!.term || 'xterm';
  const args = request.kind === 'exec' ? ['-c', request.command] : ['-l'];
  let ended = false;
  let stop = () => {
    ended = true;
  };
  facts.programs.add(() => stop());
  session.onClose(() => stop());
  const size = () => sizeOr80x25(session.pty!.cols, session.pty!.rows);
  // This reads the output that a program wrote just before its end, which node-pty alone loses.
  void startPty({ shell: { file: shell, args }, cwd: homedir(), env, term, ...size() }).then((pty) => {
    if (ended) return pty.close();
    stop = () => pty.close();
    pty.onData((data) => void channel.write(data, () => pty.consumed(data.length)));
    channel.on('data', (data: Buffer) => pty.write(data));
    session.onResize(({ cols, rows }) => {
      const bad = cols < 1 || cols > 4096 ? 'bad width' : rows < 1 || rows > 4096 ? 'bad height' : null;
      if (!bad) return pty.resize(cols, rows);
      channel.stderr.write(bad);
      session.close();
    });
    pty.onExit((code) => finishChannel(channel, code ?? 255));
  });
}

function sizeOr80x25(cols: number, rows: number): { cols: number; rows: number } {
  return cols >= 1 && cols <= 4096 && rows >= 1 && rows <= 4096 ? { cols, rows } : { cols: 80, rows: 25 };
}

function runPiped(
  session: ServerSession,
  [file = shell, ...args]: readonly string[],
  channel: Channel,
  env: Record<string, string>,
  facts: SessionFacts,
): void {
  const child: ChildProcess = spawn(file, args, { env, cwd: homedir(), stdio: 'pipe' });
  const stop = () => void child.kill('SIGHUP');
  facts.programs.add(stop);
  child.stdin!.on('error', () => undefined);
  child.stdout!.pipe(channel, { end: false });
  child.stderr!.pipe(channel.stderr, { end: false });
  channel.pipe(child.stdin!);
  child.on('error', (error) => {
    channel.write(`Failed to launch: ${error.message}.\r\n`);
    finishChannel(channel, 255);
  });
  child.on('close', (status) => {
    facts.programs.delete(stop);
    finishChannel(channel, status ?? 255);
  });
  session.onClose(() => {
    if (child.exitCode === null && child.signalCode === null) stop();
  });
}
