import { createServer, type Server } from 'node:http';
import type tls from 'node:tls';
import type { Peer } from '../door/tls-listener.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { requireCaller } from './caller.ts';

/** What of an auth server's older HTTP API the client still needs: the cluster's name and id (login-and-auth §7.2). */
export class HttpApi {
  readonly #server: Server;
  readonly #peers = new WeakMap<object, Peer>();

  constructor(cluster: ClusterState) {
    this.#server = createServer((request, response) => {
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
      try {
        requireCaller({ cluster, peer: this.#peers.get(request.socket) ?? null });
      } catch {
        return answer(403, { error: { message: 'access denied' } });
      }
      if (request.method !== 'GET' || request.url !== '/v2/configuration/name') return answer(404, { error: { message: 'not found' } });
      answer(200, {
        kind: 'cluster_name',
        version: 'v2',
        metadata: { name: 'cluster-name' },
        spec: { cluster_name: cluster.name, cluster_id: cluster.id },
      });
    });
  }

  accept(socket: tls.TLSSocket, peer: Peer | null): void {
    if (peer) this.#peers.set(socket, peer);
    this.#server.emit('connection', socket);
  }
}
