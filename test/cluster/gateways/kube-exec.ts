import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { spawn as spawnPty } from '@lydell/node-pty';

export interface ExecRequest {
  readonly pod: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** Where a command's output goes; `done` comes once, last. */
export interface ExecOutput {
  out(bytes: Buffer): void;
  err(bytes: Buffer): void;
  /** The `Status` that kubectl reads the exit code out of. */
  done(status: object): void;
}

export interface RunningCommand {
  /** Null: nothing more comes. */
  input(bytes: Buffer | null): void;
  resize(columns: number, rows: number): void;
  kill(): void;
}

/** Runs the command on this computer, in the pod's name. Everybody who may do that could also log in to the cluster's own server. */
export function runInPod({ pod, command, tty }: ExecRequest, output: ExecOutput): RunningCommand {
  const [file = '', ...args] = command;
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOSTNAME: pod, HOME: tmpdir(), LANG: 'C.UTF-8', PS1: `${pod}# ` };
  const exited = (code: number) => output.done(code === 0 ? success : exitStatus(code));
  if (tty) {
    const pty = spawnPty(file, args, { name: 'xterm', cwd: tmpdir(), env: { ...env, TERM: 'xterm' }, encoding: null });
    // Without an encoding node-pty takes and gives bytes; its types say text.
    pty.onData((data) => output.out(data as unknown as Buffer));
    let isOver = false;
    pty.onExit(({ exitCode, signal }) => {
      isOver = true;
      exited(signal ? 128 + signal : exitCode);
    });
    return {
      input: (bytes) => !isOver && pty.write((bytes ?? Buffer.from([4])) as unknown as string),
      resize: (columns, rows) => {
        if (!isOver && columns > 0 && columns < 1000 && rows > 0 && rows < 1000) pty.resize(columns, rows);
      },
      kill: () => !isOver && pty.kill('SIGHUP'),
    };
  }
  const child = spawn(file, args, { cwd: tmpdir(), env, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  child.stdout.on('data', output.out);
  child.stderr.on('data', output.err);
  let isDone = false;
  const done = (status: object) => {
    if (!isDone) output.done(status);
    isDone = true;
  };
  child.on('error', (error) => done(failure(`error executing command in container: ${error.message}`)));
  child.on('close', (code) => done(code === 0 ? success : exitStatus(code ?? 255)));
  return {
    input: (bytes) => void (bytes === null ? child.stdin.end() : child.stdin.write(bytes)),
    resize: () => {},
    kill: () => void child.kill('SIGHUP'),
  };
}

const success = { metadata: {}, status: 'Success' };

const failure = (message: string) => ({ metadata: {}, status: 'Failure', reason: 'InternalError', message, code: 500 });

/** The form in which Kubernetes reports an exit code. */
const exitStatus = (code: number) => ({
  metadata: {},
  status: 'Failure',
  reason: 'NonZeroExitCode',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

/** The request that a path's query spells. */
export function execRequest(pod: string, query: URLSearchParams): ExecRequest {
  const isSet = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  const tty = isSet('tty');
  return { pod, command: query.getAll('command'), tty, stdin: isSet('stdin'), stdout: isSet('stdout'), stderr: isSet('stderr') && !tty };
}
