import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { type ExecRequest, type RunningCommand, runInPod } from './kube-exec.ts';
import { SpdyConnection, type SpdyStream } from './spdy-connection.ts';

/** Tells a running command how large the terminal is: JSON in pieces as they come. */
const resizer = (running: () => RunningCommand | null) => (bytes: Buffer) => {
  const { Width = 0, Height = 0 } = JSON.parse(bytes.toString()) as { Width?: number; Height?: number };
  running()?.resize(Width, Height);
};

/** exec over SPDY/3.1: a stream each for errors, input, output and the window's size, as the client asked for them. */
export function serveSpdyExec(socket: Duplex, exec: ExecRequest): void {
  const streams = new Map<string, SpdyStream>();
  const wanted = ['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => exec[name]), ...(exec.tty ? ['resize'] : [])];
  let running: RunningCommand | null = null;
  const spdy = new SpdyConnection(
    socket,
    (stream) => {
      streams.set(stream.headers.get('streamtype') ?? '', stream);
      if (running || !wanted.every((name) => streams.has(name))) return;
      const end = (status: object) => {
        streams.get('error')!.write(Buffer.from(JSON.stringify(status)));
        for (const each of streams.values()) each.end();
        spdy.end();
      };
      const to = (name: string) => (bytes: Buffer) => streams.get(name)?.write(bytes);
      running = runInPod(exec, { out: to('stdout'), err: to('stderr'), done: end });
      if (exec.stdin) streams.get('stdin')!.onData((bytes) => running?.input(bytes));
      else running.input(null);
      const resize = resizer(() => running);
      streams.get('resize')?.onData((bytes) => bytes && resize(bytes));
    },
    () => running?.kill(),
  );
}

/** exec over WebSocket, `v4` and `v5.channel.k8s.io`. Channels: 0 input, 1 output, 2 errors, 3 how it ended, 4 size, 255 (v5) end of one. */
export function serveSocketExec(socket: WebSocket, exec: ExecRequest): void {
  const send = (channel: number) => (bytes: Buffer) => socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
  const running = runInPod(exec, {
    out: send(1),
    err: send(2),
    done: (status) => {
      send(3)(Buffer.from(JSON.stringify(status)));
      socket.close(1000);
    },
  });
  if (!exec.stdin) running.input(null);
  const resize = resizer(() => running);
  socket.on('message', (data: Buffer) => {
    const bytes = data.subarray(1);
    if (data[0] === 0) running.input(bytes);
    else if (data[0] === 4) resize(bytes);
    else if (data[0] === 255 && bytes[0] === 0) running.input(null);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => running.kill());
}

/** port-forward: for each connection a stream for its bytes and one for what went wrong. `portOf` says where a pod's port really is. */
export function servePortForward(socket: Duplex, portOf: (port: number) => Promise<number | null>): void {
  const errors = new Map<string, SpdyStream>();
  new SpdyConnection(socket, (stream) => {
    const id = stream.headers.get('requestid') ?? '';
    if (stream.headers.get('streamtype') === 'error') errors.set(id, stream);
    else void join(stream, errors.get(id));
  });
  const join = async (stream: SpdyStream, error: SpdyStream | undefined) => {
    const port = Number(stream.headers.get('port'));
    const real = await portOf(port);
    if (real === null) {
      error?.write(Buffer.from(`nothing listens on port ${port} of the pod`));
      error?.end();
      return stream.end();
    }
    const local = connect({ port: real, host: '127.0.0.1', allowHalfOpen: true });
    local.on('data', (bytes: Buffer) => stream.write(bytes));
    local.on('error', () => local.destroy());
    local.on('end', () => stream.end());
    local.on('close', () => error?.end());
    stream.onData((bytes) => void (bytes === null ? local.end() : local.write(bytes)));
  };
}
