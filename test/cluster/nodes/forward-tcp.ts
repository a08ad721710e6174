import net from 'node:net';
import type { DirectTcpip } from '../../../electron/ssh/server.ts';

/** Port forwarding as a Teleport node does it: the channel is always confirmed, a failure is text on stderr and CLOSE (ssh-and-gateways §2.7). */
export function forwardTcp(request: DirectTcpip, allowed: boolean): void {
  const channel = request.accept();
  channel.on('error', () => channel.close());
  const fail = (text: string) => {
    channel.stderr.write(text);
    channel.close();
  };
  if (!allowed) {
    fail('port forwarding not allowed');
    return;
  }
  const socket = net.connect({ host: request.host, port: request.port, noDelay: true });
  let isOpen = false;
  socket.on('connect', () => {
    isOpen = true;
    socket.pipe(channel, { end: false });
    channel.pipe(socket);
  });
  socket.on('error', (error) => (isOpen ? channel.close() : fail(`dial tcp ${request.host}:${request.port}: ${error.message}`)));
  socket.on('close', () => channel.close());
  channel.on('close', () => socket.destroy());
}
