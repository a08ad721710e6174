import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type CollectedEvent, CollectorRefusal, decodeBinary, decodeJson } from './collector-decode.ts';
import { countEvents, countTable, type EventCount } from './collector-table.ts';

export type { CollectedEvent } from './collector-decode.ts';

/** Ways to misbehave. `hang` never answers; `garbage` answers 200 with something else; `cut` closes in mid-answer. */
export type CollectorFault =
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' }
  | { kind: 'cut' }
  | { kind: 'garbage'; contentType?: string; body?: string | Buffer }
  | { kind: 'redirect'; to: string }
  | { kind: 'status'; status: number; code?: string; message?: string; retryAfter?: number };

export interface CollectorOptions {
  /** A free one by default. */
  port?: number;
  /** Accepted events are appended to it as JSON lines. */
  file?: string;
  /** Given the table of counts shortly after new events. */
  print?(table: string): void;
}

export interface Collector {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** Everything accepted so far. */
  events(): CollectedEvent[];
  counts(): EventCount[];
  /** Requests that arrived, refused ones too, and connections that were opened. */
  readonly requests: number;
  readonly connections: number;
  /** Bodies as they came. */
  readonly bodies: Buffer[];
  fail(fault: CollectorFault | null): void;
  close(): Promise<void>;
}

const path = '/prehog.v1alpha.ConnectReportingService/SubmitConnectEvent';
const maxBody = 64 * 1024;
const httpStatus: Record<string, number> = { invalid_argument: 400, unimplemented: 404, resource_exhausted: 429, internal: 500, unavailable: 503 };

/** A collector of usage events on this computer: the Connect protocol's unary call, binary and JSON (docs/protocol/telemetry.md §2). */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const accepted: CollectedEvent[] = [];
  const bodies: Buffer[] = [];
  let fault: CollectorFault | null = null;
  let requests = 0;
  let connections = 0;
  let printing: NodeJS.Timeout | null = null;

  const printSoon = () => {
    if (!options.print || printing) return;
    printing = setTimeout(() => {
      printing = null;
      options.print?.(countTable(countEvents(accepted)));
    }, 300);
    printing.unref();
  };

  const accept = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    bodies.push(body);
    if (fault && (await misbehave(fault, request, response))) return;
    const event = parse(request, body);
    accepted.push(event);
    if (options.file) appendFileSync(options.file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    printSoon();
    const json = contentType(request) === 'application/json';
    response.writeHead(200, { 'content-type': contentType(request) }).end(json ? '{}' : '');
  };

  const server = createServer((request, response) => {
    requests += 1;
    accept(request, response).catch((caught: unknown) => {
      const refusal = caught instanceof CollectorRefusal ? caught : new CollectorRefusal('internal', 'the collector stumbled');
      refuse(response, refusal.status ?? httpStatus[refusal.code] ?? 500, refusal.code, refusal.message);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));

  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events: () => [...accepted],
    counts: () => countEvents(accepted),
    get requests() {
      return requests;
    },
    get connections() {
      return connections;
    },
    bodies,
    fail: (next) => {
      fault = next;
    },
    close: () => {
      if (printing) clearTimeout(printing);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function parse(request: IncomingMessage, body: Buffer): CollectedEvent {
  if (request.url !== path) throw new CollectorRefusal('unimplemented', 'there is no such method');
  if (request.method !== 'POST') throw new CollectorRefusal('unimplemented', 'only POST is taken', 405);
  const version = request.headers['connect-protocol-version'];
  if (version !== undefined && version !== '1') throw new CollectorRefusal('invalid_argument', 'connect-protocol-version must be 1');
  const plain = decompress(request, body);
  const type = contentType(request);
  if (type === 'application/proto') return decodeBinary(plain);
  if (type === 'application/json') return decodeJson(plain);
  throw new CollectorRefusal('unimplemented', 'only application/proto and application/json are taken', 415);
}

function decompress(request: IncomingMessage, body: Buffer): Buffer {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new CollectorRefusal('unimplemented', 'only gzip is taken as compression');
  try {
    return gunzipSync(body, { maxOutputLength: maxBody });
  } catch {
    throw new CollectorRefusal('invalid_argument', 'the body does not unpack');
  }
}

/** True when the answer was given, or withheld, by this function. */
async function misbehave(fault: CollectorFault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return false;
    case 'hang':
      return true;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/proto', 'content-length': '100' });
      response.write('x');
      setTimeout(() => request.socket.destroy(), 20);
      return true;
    case 'garbage':
      response
        .writeHead(200, { 'content-type': fault.contentType ?? 'text/html' })
        .end(fault.body ?? '<html>Please log in to the guest network</html>');
      return true;
    case 'redirect':
      response.writeHead(307, { location: fault.to }).end();
      return true;
    case 'status':
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      refuse(response, fault.status, fault.code, fault.message ?? 'told to fail');
      return true;
  }
}

function refuse(response: ServerResponse, status: number, code: string | undefined, message: string): void {
  if (response.headersSent) return void response.destroy();
  if (code === undefined) response.writeHead(status, { 'content-type': 'text/plain' }).end(message);
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, message }));
}

const contentType = (request: IncomingMessage) => (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new CollectorRefusal('resource_exhausted', 'the event is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
