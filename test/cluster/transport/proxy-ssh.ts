import type http2 from 'node:http2';
import net from 'node:net';
import { teleport } from '../../../proto/gen/teleport.js';
import { code, RpcError } from '../auth/errors.ts';
import type { FaultBox } from '../faults.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { resolveTarget } from './dial-target.ts';
import { answer, frameHead, framePayload, MessageReader, refuse } from './grpc-frames.ts';

const { ProxySSHRequest } = teleport.transport.v1;
const sshField = 2;
const prefix = Buffer.from('SSH-2.0');
/** ProxySSHResponse with only `details`, zero bytes long. */
const details = Buffer.from([0, 0, 0, 0, 2, 0x0a, 0]);

/** One ProxySSH stream (ssh-and-gateways §1.3): resolves the dial target, connects and relays bytes both ways with back-pressure. */
export function proxySsh(stream: http2.ServerHttp2Stream, root: ClusterState, peer: Peer, faults: FaultBox): void {
  const reader = new MessageReader();
  let socket: net.Socket | null = null;
  let end: ((code: number, message: string) => void) | null = null;
  let checked = 0;
  let dialled = false;
  /** Frames that came before the node answered. */
  let early: Buffer[] = [];

  const fail = (status: number, message: string) => {
    socket?.destroy();
    if (end) end(status, message);
    else refuse(stream, status, message);
  };

  const forward = (message: Buffer): boolean => {
    const payload = framePayload(message, sshField);
    if (!payload) {
      const request = ProxySSHRequest.decode(message);
      if (request.agent || request.dial_target) return true;
      fail(code.invalidArgument, 'source contained invalid data');
      return false;
    }
    if (payload.length === 0) {
      fail(code.ok, '');
      return false;
    }
    for (let at = 0; checked < prefix.length && at < payload.length; at++, checked++) {
      if (payload[at] !== prefix[checked]) {
        fail(code.permissionDenied, 'required SSH-2.0 prefix is missing');
        return false;
      }
    }
    if (end && socket) socket.write(payload);
    else early.push(payload);
    return true;
  };

  const dial = (message: Buffer) => {
    dialled = true;
    const target = ProxySSHRequest.decode(message).dial_target;
    if (!target) throw new RpcError(code.invalidArgument, 'first frame must contain a dial target');
    const { node } = resolveTarget(root, peer, target.host_port ?? '', target.cluster ?? '');
    if (!node.address || faults.drops('dial')) {
      throw new RpcError(
        code.unavailable,
        node.subKind === 'openssh'
          ? `failed to dial target host\n\tdial tcp ${node.message.Node?.Spec?.Addr}: i/o timeout`
          : `proxy failed to connect to "node" agent "${node.id}": no tunnel is open. The agent is offline or has disconnected.`,
      );
    }
    const connected = net.connect({ ...node.address, noDelay: true });
    socket = connected;
    connected.on('error', (error) => fail(code.unavailable, `failed to dial target host\n\t${error.message}`));
    connected.on('connect', () => {
      end = answer(stream);
      stream.write(details);
      for (const payload of early) connected.write(payload);
      early = [];
      connected.on('data', (chunk) => {
        stream.cork();
        stream.write(frameHead(sshField, chunk.length));
        if (!stream.write(chunk)) connected.pause();
        process.nextTick(() => stream.uncork());
      });
      stream.on('drain', () => connected.resume());
      connected.on('drain', () => stream.resume());
      connected.on('close', () => end?.(code.ok, ''));
    });
  };

  stream.on('data', (chunk: Buffer) => {
    socket?.cork();
    try {
      for (const message of reader.take(chunk)) {
        if (!dialled) dial(message);
        else if (!forward(message)) break;
      }
    } catch (error) {
      if (error instanceof RpcError) fail(error.code, error.message);
      else fail(code.internal, 'grpc: error unmarshalling request: unexpected EOF');
    }
    socket?.uncork();
    if (socket?.writableNeedDrain) stream.pause();
  });
  stream.on('end', () => socket?.end());
  stream.on('error', () => socket?.destroy());
  stream.on('close', () => socket?.destroy());
}
