import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.ts';
import { packetSize } from './channels/channel-input.ts';
import type { ChannelOpenInfo } from './ssh2-internals.ts';

/** Ports of one connection on its server. Nobody's configuration has more, and the server may leave each request unanswered. */
const mostPorts = 100;
/** Smaller packets are of no use, and with packets of 0 bytes ssh2 would never finish sending. */
export const leastPacket = packetSize / 64;
/** Connections through these ports at a time. A server can make us hold at most this many windows. */
const mostConnections = 100;

export type TakeConnection = (accept: () => Duplex & { readonly refusal: string }, refuse: () => void) => void;

interface Port {
  readonly host: string;
  readonly port: number;
  readonly take: TakeConnection;
  /** Called each time that a connection is refused because there are too many. */
  readonly full: (error: AppError) => void;
}

/** The ports that a server listens on for one connection, and which of the channels that it opens belong to them. */
export class RemoteForwards {
  readonly #ports = new Set<Port>();
  #asked = 0;
  #connections = 0;

  /** Counts a port that the server is asked for, until the returned function is called. `conflict` when there are too many. */
  reserve(): () => void {
    if (this.#asked >= mostPorts)
      throw new AppError(
        'conflict',
        `${mostPorts} ports are open on this server, the most that Slipway asks for. Close one of these forwards first.`,
      );
    this.#asked++;
    return () => this.#asked--;
  }

  add(port: Port): () => void {
    this.#ports.add(port);
    return () => this.#ports.delete(port);
  }

  /**
   * Hands a channel that the server opens to its port; false when the port is unknown, or there are too many. `release` has to be
   * called at the channel's end.
   */
  take(info: ChannelOpenInfo, accept: (release: () => void) => Duplex & { readonly refusal: string }, refuse: () => void): boolean {
    const { type, data, packetSize: theirs } = info;
    if (type !== 'forwarded-tcpip' || theirs < leastPacket) return false;
    const ports = [...this.#ports].filter(({ port }) => port === data.destPort);
    // Servers send the address as it was requested, or as they resolved it.
    const port = ports.find(({ host }) => host === data.destIP) ?? ports[0];
    if (!port) return false;
    if (this.#connections >= mostConnections) {
      port.full(
        new AppError('conflict', `${mostConnections} connections came through ports on the server already, the most at a time. More are refused.`),
      );
      return false;
    }
    this.#connections++;
    const release = () => this.#connections--;
    port.take(
      () => accept(release),
      () => {
        release();
        refuse();
      },
    );
    return true;
  }
}
