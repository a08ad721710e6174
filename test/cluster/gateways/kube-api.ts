import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Peer } from '../tls/tls-listener.ts';
import { execRequest } from './kube-exec.ts';
import { servePortForward, serveSocketExec, serveSpdyExec } from './kube-streams.ts';

const created = '2026-01-01T00:00:00Z';
const tunnelled = 'SPDY/3.1+portforward.k8s.io';
const socketProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', tunnelled];

interface Pod {
  readonly name: string;
  readonly namespace: string;
}

const pods: readonly Pod[] = [
  { name: 'web-0', namespace: 'default' },
  { name: 'web-1', namespace: 'default' },
  { name: 'coredns-0', namespace: 'kube-system' },
];
export const namespaces = ['default', 'kube-system'];

/** A Kubernetes API large enough for kubectl's everyday questions: discovery, namespaces, pods as tables, watches, logs, exec and port-forward. */
export class KubeApi {
  readonly #pages = new Map<string, http.Server>();
  readonly #server = http.createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => socketProtocols.find((name) => offered.has(name)) ?? false,
  });

  constructor() {
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** Serves a connection whose client certificate names the cluster, unless its path does. */
  serve(socket: tls.TLSSocket, { identity }: Peer): void {
    socket.on('error', () => socket.destroy());
    if (identity.kubeCluster === '') refuse(socket, status(403, 'Forbidden', 'the certificate names no Kubernetes cluster'));
    else this.#server.emit('connection', socket);
  }

  /** Serves a listener beside the proxy, for comparisons. */
  accept(socket: Duplex): void {
    this.#server.emit('connection', socket);
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    this.#server.closeAllConnections();
    for (const page of this.#pages.values()) page.close().closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(stripped(request.url ?? '/'), 'http://kube');
    const asTable = /as=Table/.test(request.headers.accept ?? '');
    const send = (body: object, code = 200) => response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    const path = url.pathname;
    if (path === '/version')
      return void send({
        major: '1',
        minor: '30',
        gitVersion: 'v1.30.0-slipway',
        gitCommit: '0',
        gitTreeState: 'clean',
        buildDate: created,
        goVersion: 'go1.22',
        compiler: 'gc',
        platform: 'linux/amd64',
      });
    if (path === '/api') return void send({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
    if (path === '/apis') return void send({ kind: 'APIGroupList', apiVersion: 'v1', groups: [] });
    if (path === '/api/v1') return void send({ kind: 'APIResourceList', groupVersion: 'v1', resources });
    if (path === '/api/v1/namespaces')
      return void send(asTable ? table(namespaces.map((name) => [name, 'Active'])) : list('NamespaceList', namespaces.map(namespace)));
    const found = /^\/api\/v1(?:\/namespaces\/([^/]+))?\/pods(?:\/([^/]+)(\/log)?)?$/.exec(path);
    if (!found) return void send(status(404, 'NotFound', `the server could not find the requested resource ${path}`), 404);
    const [, inNamespace, name, log] = found;
    const matching = pods.filter((pod) => (!inNamespace || pod.namespace === inNamespace) && (!name || pod.name === name));
    if (name && matching.length === 0) return void send(status(404, 'NotFound', `pods "${name}" not found`), 404);
    if (log) return this.#log(response, matching[0]!, url.searchParams.get('follow') === 'true');
    if (url.searchParams.get('watch') === 'true' || url.searchParams.get('watch') === '1') return this.#watch(response, matching, asTable);
    if (name) return void send(asTable ? podTable(matching) : pod(matching[0]!));
    send(asTable ? podTable(matching) : list('PodList', matching.map(pod)));
  }

  #log(response: ServerResponse, { name }: Pod, follow: boolean): void {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.write(`hello from ${name}\n`);
    if (!follow) return void response.end();
    let line = 0;
    const timer = setInterval(() => {
      response.write(`line ${++line}\n`);
      if (line === 3) response.end();
    }, 100);
    response.on('close', () => clearInterval(timer));
  }

  /** One event is sent at once and one later, so that a test sees whether each arrives when it is sent. */
  #watch(response: ServerResponse, matching: readonly Pod[], asTable: boolean): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    const event = (one: Pod) => response.write(`${JSON.stringify({ type: 'MODIFIED', object: asTable ? podTable([one]) : pod(one) })}\n`);
    const timers = matching.map((one, index) => setTimeout(() => event(one), 100 + index * 200));
    const end = setTimeout(() => response.end(), 100 + matching.length * 200);
    response.on('close', () => [...timers, end].forEach(clearTimeout));
  }

  /** exec and port-forward, over SPDY/3.1 as older kubectls ask for them, and over WebSocket as newer ones do. */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const url = new URL(stripped(request.url ?? '/'), 'http://kube');
    const [, space, name = '', what] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|portforward)$/.exec(url.pathname) ?? [];
    const exec = execRequest(name, url.searchParams);
    if (!pods.some((pod) => pod.name === name && pod.namespace === space) || (what === 'exec' && exec.command.length === 0))
      return refuse(socket, status(404, 'NotFound', `pods "${name}" not found`));
    if (/websocket/i.test(request.headers.upgrade ?? '')) {
      return this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        if (opened.protocol === tunnelled) this.#forward(createWebSocketStream(opened), name);
        else serveSocketExec(opened, exec);
      });
    }
    const offered = String(request.headers['x-stream-protocol-version'] ?? '').split(/,\s*/);
    const spoken = (what === 'exec' ? ['v4.channel.k8s.io'] : ['portforward.k8s.io']).find((each) => offered.includes(each));
    if (!/^SPDY\/3\.1$/i.test(request.headers.upgrade ?? '') || !spoken)
      return refuse(socket, status(403, 'Forbidden', 'unable to upgrade: no protocol that the server speaks'));
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${spoken}\r\n\r\n`);
    if (head.length > 0) socket.unshift(head);
    if (what === 'exec') serveSpdyExec(socket, exec);
    else this.#forward(socket, name);
  }

  #forward(socket: Duplex, pod: string): void {
    servePortForward(socket, async (port) => (port === 80 || port === 8080 ? this.#page(pod) : null));
  }

  /** Port of the web server that each pod has on 80 and 8080. */
  async #page(pod: string): Promise<number> {
    let page = this.#pages.get(pod);
    if (!page) {
      page = http.createServer((_request, response) => response.end(`hello from ${pod}\n`)).listen(0, '127.0.0.1');
      this.#pages.set(pod, page);
    }
    if (!page.listening) await once(page, 'listening');
    return (page.address() as AddressInfo).port;
  }
}

function refuse(socket: Duplex, body: ReturnType<typeof status>): void {
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${body.code} ${body.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

/** The path without what the proxy's own routing put before it (ssh-and-gateways §6.1). */
function stripped(path: string): string {
  return path.replace(/^\/v1\/teleport\/[^/]+\/[^/]+/, '') || '/';
}

const verbs = ['get', 'list', 'watch'];
const resources = [
  { name: 'namespaces', singularName: '', namespaced: false, kind: 'Namespace', verbs, shortNames: ['ns'] },
  { name: 'pods', singularName: '', namespaced: true, kind: 'Pod', verbs, shortNames: ['po'], categories: ['all'] },
  { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
  { name: 'pods/exec', singularName: '', namespaced: true, kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'pods/portforward', singularName: '', namespaced: true, kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
];
const meta = (name: string, space?: string) => ({
  name,
  uid: `uid-${name}`,
  resourceVersion: '1',
  creationTimestamp: created,
  ...(space ? { namespace: space } : {}),
});
const namespace = (name: string) => ({ kind: 'Namespace', apiVersion: 'v1', metadata: meta(name), spec: {}, status: { phase: 'Active' } });
const pod = ({ name, namespace: space }: Pod) => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: meta(name, space),
  spec: { containers: [{ name: 'main', image: 'demo' }], nodeName: 'node-1' },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'main', ready: true, restartCount: 0, image: 'demo', imageID: 'demo', state: { running: { startedAt: created } } }],
  },
});
const list = (kind: string, items: object[]) => ({ kind, apiVersion: 'v1', metadata: { resourceVersion: '1' }, items });
const columns = (names: readonly string[]) =>
  names.map((name) => ({ name, type: 'string', format: name === 'Name' ? 'name' : '', description: '', priority: 0 }));

function table(rows: string[][]) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: columns(['Name', 'Status']),
    rows: rows.map(([name = '', state = '']) => ({
      cells: [name, state],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: meta(name) },
    })),
  };
}

function podTable(matching: readonly Pod[]) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '1' },
    columnDefinitions: columns(['Name', 'Ready', 'Status']),
    rows: matching.map(({ name, namespace: space }) => ({
      cells: [name, '1/1', 'Running'],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: meta(name, space) },
    })),
  };
}

function status(code: number, reason: string, message: string) {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code };
}
