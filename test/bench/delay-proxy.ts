import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A far line to a port of this machine: what goes in comes out half a round trip later, as much of it as there is. */
export async function delayProxy(port: number, roundTrip: number): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket) => {
    from.on('data', (bytes) => void setTimeout(() => to.writable && to.write(bytes), roundTrip / 2));
    from.on('end', () => void setTimeout(() => to.end(), roundTrip / 2));
    from.on('close', () => void setTimeout(() => to.destroy(), roundTrip / 2));
    from.on('error', () => {});
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
