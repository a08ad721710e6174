import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { EmbeddedCluster } from './index.ts';

const lockSchema = z.object({ user: z.string(), message: z.string().nullable() });
const stopSchema = z.object({ hostname: z.string() });
const faultsSchema = z
  .object({
    slow: z.number().optional(),
    drop: z.array(z.enum(['web', 'rpc', 'dial', 'session'])).optional(),
    expire: z.number().optional(),
    refuse: z.string().optional(),
    lie: z.enum(['version', 'cluster-name', 'host-key', 'host-name', 'host-expired', 'host-type', 'host-option', 'host-ca']).optional(),
    web: z.enum(['garbage', 'huge', 'shape', 'cut', 'length']).optional(),
    rpc: z.enum(['garbage', 'huge', 'hang']).optional(),
    only: z.string().optional(),
  })
  .strict();

export interface Control {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * The remote control of the cluster's process, on a loopback port of its own: `GET /` shows the current codes to a person, `GET
 * /totp/<user>` one code; `POST /faults`, `/drop`, `/lock`, `/stop-node` take JSON; `POST /down` takes the proxy off the network
 * until `POST /up`. It is for tests and demos, and protects itself only against web pages.
 */
export async function startControl(cluster: EmbeddedCluster): Promise<Control> {
  const answer = answers(cluster);
  const server = http.createServer((request, response) => {
    const address = server.address() as AddressInfo;
    const host = request.headers.host ?? '';
    if (host !== `127.0.0.1:${address.port}` || request.headers.origin !== undefined) {
      response.writeHead(403).end();
      return;
    }
    answer(request).then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(text),
      (error: Error) => response.writeHead(400, { 'content-type': 'text/plain' }).end(`${error.message}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  type: string;
  text: string;
}

function answers(cluster: EmbeddedCluster): (request: http.IncomingMessage) => Promise<Answer> {
  let comeUp: (() => Promise<void>) | null = null;
  return async (request) => {
    const path = request.url ?? '/';
    const ok = { type: 'application/json', text: '{}' };
    if (request.method === 'GET' && path === '/') return { type: 'text/html; charset=utf-8', text: codesPage(cluster) };
    const code = request.method === 'GET' && /^\/totp\/([^/]+)$/.exec(path);
    if (code) return { type: 'text/plain', text: `${cluster.user(decodeURIComponent(code[1]!)).totp()}\n` };
    const body = request.method === 'POST' ? await readBody(request) : null;
    switch (`${request.method} ${path}`) {
      case 'POST /faults':
        cluster.setFaults(faultsSchema.parse(body) as Parameters<EmbeddedCluster['setFaults']>[0]);
        return ok;
      case 'POST /drop':
        cluster.dropConnections();
        return ok;
      case 'POST /lock': {
        const { user, message } = lockSchema.parse(body);
        cluster.user(user).lock(message);
        return ok;
      }
      case 'POST /stop-node': {
        const { hostname } = stopSchema.parse(body);
        await cluster.nodes.find((node) => node.hostname === hostname)?.stop();
        return ok;
      }
      case 'POST /down':
        comeUp ??= await cluster.goDown();
        return ok;
      case 'POST /up':
        await comeUp?.();
        comeUp = null;
        return ok;
      default:
        throw new Error('no such control');
    }
  };
}

async function readBody(request: http.IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request as AsyncIterable<Buffer>) text += part;
  return text === '' ? {} : JSON.parse(text);
}

function codesPage(cluster: EmbeddedCluster): string {
  const rows = cluster.users.map((user) => `<tr><td>${user.name}</td><td>${user.password}</td><td><b>${user.totp()}</b></td></tr>`).join('');
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Codes of ${cluster.name}</title>
<style>body{font:16px system-ui;margin:2rem}td,th{padding:.3rem 1rem;text-align:left;font-family:monospace}</style>
<h1>${cluster.address}</h1><table><tr><th>User</th><th>Password</th><th>Code</th></tr>${rows}</table>`;
}
