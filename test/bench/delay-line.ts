import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/*
 * A far line to a port of this machine: what goes in comes out half a round trip later, as much of it as there is.
 *   delay-line <port> <milliseconds of a round trip>
 * A process of its own, so that neither side of a comparison pays for it. Prints its port; ends with its standard input.
 */
const [port = 0, roundTrip = 0] = process.argv.slice(2).map(Number);

function pass(from: Socket, to: Socket): void {
  const later = (action: () => void) => void setTimeout(action, roundTrip / 2);
  from.on('data', (bytes) => later(() => to.writable && to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
  from.on('error', () => {});
}

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ port, host: '127.0.0.1', noDelay: true });
  pass(near, far);
  pass(far, near);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit(0)).resume();
