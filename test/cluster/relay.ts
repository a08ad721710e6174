import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import tls from 'node:tls';
import { pathToFileURL } from 'node:url';

/*
 * A ProxyCommand for OpenSSH's `ssh`: relays stdin and stdout over one ProxySSH stream and does nothing else.
 *   relay <host:port> <root cluster> <cert.pem> <key.pem> <ca.pem> <dial host:port> <cluster of the node>
 * It is the peer of the benchmarks, so it is written for speed; it depends on nothing but Node.
 */

const mebibyte = 1024 * 1024;

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** gRPC prefix and the headers of `{ssh 2 {payload 1}}`. */
function head(length: number): Buffer {
  const inner = [0x0a, ...varint(length)];
  const outer = [0x12, ...varint(inner.length + length), ...inner];
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(outer.length + length, 1);
  return Buffer.concat([prefix, Buffer.from(outer)]);
}

function dialMessage(hostPort: string, cluster: string): Buffer {
  const field = (tag: number, text: string) => Buffer.concat([Buffer.from([tag, ...varint(Buffer.byteLength(text))]), Buffer.from(text)]);
  const target = Buffer.concat([field(0x0a, hostPort), field(0x12, cluster)]);
  const message = Buffer.concat([Buffer.from([0x0a, ...varint(target.length)]), target]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Where the payload begins in a message `{ssh 2 {payload 1}}`; -1 for any other. */
function payloadStart(message: Buffer): number {
  if (message[0] !== 0x12) return -1;
  let at = 1;
  while (message[at]! > 0x7f) at++;
  at += 2;
  while (message[at]! > 0x7f) at++;
  return at + 1;
}

function fail(text: string): never {
  process.stderr.write(`relay: ${text}\n`);
  process.exit(255);
}

export function relay([proxy = '', root = '', cert = '', key = '', ca = '', dial = '', cluster = '']: readonly string[]): void {
  const colon = proxy.lastIndexOf(':');
  const socket = tls.connect({
    host: proxy.slice(0, colon),
    port: Number(proxy.slice(colon + 1)),
    servername: `${Buffer.from(root).toString('hex')}.teleport.cluster.local`,
    ALPNProtocols: ['teleport-proxy-ssh-grpc', 'h2'],
    cert: readFileSync(cert),
    key: readFileSync(key),
    ca: readFileSync(ca),
  });
  socket.setNoDelay(true);
  socket.on('error', (error) => fail(error.message));
  const session = http2.connect('https://proxy', {
    createConnection: () => socket,
    settings: { initialWindowSize: 8 * mebibyte, enablePush: false },
  });
  session.on('connect', () => session.setLocalWindowSize(16 * mebibyte));
  session.on('error', (error) => fail(error.message));
  const stream = session.request({
    ':method': 'POST',
    ':path': '/teleport.transport.v1.TransportService/ProxySSH',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('response', (headers) => {
    if (headers['grpc-status'] && headers['grpc-status'] !== '0') fail(decodeURIComponent(String(headers['grpc-message'])));
  });
  stream.on('error', (error) => fail(error.message));
  stream.write(dialMessage(dial, cluster));

  process.stdin.on('data', (chunk: Buffer) => {
    stream.cork();
    stream.write(head(chunk.length));
    if (!stream.write(chunk)) process.stdin.pause();
    process.nextTick(() => stream.uncork());
  });
  stream.on('drain', () => process.stdin.resume());
  process.stdin.on('end', () => stream.end());

  let rest: Buffer | null = null;
  stream.on('data', (chunk: Buffer) => {
    const data: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    process.stdout.cork();
    while (data.length - at >= 5) {
      const end = at + 5 + data.readUInt32BE(at + 1);
      if (end > data.length) break;
      const message = data.subarray(at + 5, end);
      const start = payloadStart(message);
      if (start >= 0 && !process.stdout.write(message.subarray(start))) stream.pause();
      at = end;
    }
    rest = at < data.length ? data.subarray(at) : null;
    process.stdout.uncork();
  });
  process.stdout.on('drain', () => stream.resume());
  process.stdout.on('error', () => process.exit(0));
  stream.on('close', () => process.exit(0));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) relay(process.argv.slice(2));
