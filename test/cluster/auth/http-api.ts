import { createServer, type Server } from 'node:http';
import type tls from 'node:tls';
import type { ClusterState } from '../state/cluster-state.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { isSince } from '../versions.ts';
import { type Caller, requireCaller } from './caller.ts';

/**
 * The part of an auth server's older HTTP API that the client still uses: the cluster's name and id, and its leaves (login-and-auth
 * §7.2).
 */
export class HttpApi {
  readonly #server: Server;
  readonly #peers = new WeakMap<object, Peer>();

  constructor(cluster: ClusterState, version: string) {
    this.#server = createServer((request, response) => {
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
      let caller: Caller;
      try {
        caller = requireCaller({ cluster, peer: this.#peers.get(request.socket) ?? null });
      } catch {
        return answer(403, { error: { message: 'access denied' } });
      }
      const route = `${request.method} ${request.url}`;
      if (route === 'GET /v2/configuration/name') return answer(200, nameOf(cluster));
      if (route === 'GET /v2/remoteclusters' && !isSince(version, 18)) return answer(200, cluster.leavesFor(caller.roles).map(leafMessage));
      answer(404, { error: { message: 'not found' } });
    });
  }

  accept(socket: tls.TLSSocket, peer: Peer | null): void {
    if (peer) this.#peers.set(socket, peer);
    this.#server.emit('connection', socket);
  }
}

function nameOf({ name, id }: ClusterState): object {
  return { kind: 'cluster_name', version: 'v2', metadata: { name: 'cluster-name' }, spec: { cluster_name: name, cluster_id: id } };
}

function leafMessage({ name, connected, now }: ClusterState): object {
  const status = { connection: connected ? 'online' : 'offline', last_heartbeat: new Date(now()).toISOString() };
  return { kind: 'remote_cluster', version: 'v3', metadata: { name }, status };
}
