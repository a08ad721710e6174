import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createSecureContext, createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { createKubeIdentity } from '../../electron/session-host/local-ports/gateways/kube-identity.ts';
import { writeOwnKubeconfig } from '../../electron/session-host/local-ports/gateways/kubeconfig.ts';
import type { ConnectionRow, Connections, GatewayTarget } from '../../shared/model/gateway.ts';
import { KubeApi } from '../cluster/gateways/kube-api.ts';
import { Daemon, freePort } from '../cluster/gateways/process.ts';
import { have } from '../support/have.ts';
import { type Benchmark, median, needs, pause, type Row } from './row.ts';
import { type BenchSetup, startBench } from './setup.ts';

const exec = promisify(execFile);
const seconds = 5;
const rounds = 3;
const copySql = "copy (select repeat('x', 1000) from generate_series(1, 1000000)) to stdout";

/** pgbench and a copy through the gateway, and through haproxy as the local end, on the same proxy and database. */
const databases: Benchmark = {
  name: 'gateways: database',
  async run() {
    needs(have('pgbench') && have('psql'), 'pgbench');
    needs(have('haproxy'), 'haproxy');
    const bench = await startBench();
    const haproxy = await startHaproxy(bench);
    try {
      const row = await open(bench, database(bench));
      const ours = row.port!;
      const shop = (port: number) => ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'writer', 'shop'];
      await exec('pgbench', ['-i', '-q', '-s', '5', ...shop(ours)]);
      const tps = async (port: number, clients: number) => {
        const { stdout } = await exec('pgbench', ['-n', '-S', '-M', 'prepared', '-c', `${clients}`, '-T', `${seconds}`, ...shop(port)]);
        return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
      };
      const rows: Row[] = [];
      for (const clients of [1, 8]) {
        const [own, peer] = await turns(
          () => tps(ours, clients),
          () => tps(haproxy.port, clients),
        );
        rows.push(
          atLeast(`pgbench -S -M prepared, ${clients} client${clients > 1 ? 's' : ''}`, own, peer, (value) => `${value.toFixed(0)} TPS`, 0.85),
        );
      }
      const copy = async (port: number) => {
        const started = performance.now();
        await exec('sh', ['-c', 'psql "$0" -qAtc "$1" > /dev/null', `postgres://writer@127.0.0.1:${port}/shop`, copySql]);
        return 1001 / ((performance.now() - started) / 1000);
      };
      const [own, peer] = await turns(
        () => copy(ours),
        () => copy(haproxy.port),
      );
      rows.push(atLeast('COPY of 1 GB', own, peer, (value) => `${value.toFixed(0)} MB/s`, 0.8));
      return rows;
    } finally {
      await haproxy.stop();
      await bench.close();
    }
  },
};

/** A new connection against a bare TLS handshake with the proxy, and what two hundred at a time cost. */
const connections: Benchmark = {
  name: 'gateways: connections',
  async run() {
    const bench = await startBench();
    try {
      const target: GatewayTarget = { kind: 'app', cluster: bench.key, leaf: '', name: 'echo-tcp', targetPort: null };
      const { port } = await open(bench, target);
      const { proxy, tls } = await bench.gateway(target);
      const through = async () => {
        const socket = connect({ port: port!, host: '127.0.0.1', noDelay: true });
        socket.write('x');
        await once(socket, 'data');
        return socket;
      };
      const context = createSecureContext({ cert: tls.cert, key: tls.key });
      const peerTimes = { shaken: [] as number[] };
      // In TLS 1.3 the client calls it done before the server has looked at its certificate: only an answer says that both have.
      const handshake = async () => {
        const started = performance.now();
        const [host, port] = [proxy.host, proxy.port];
        const raw = connect({ host, port, noDelay: true });
        const socket = connectTls({ socket: raw, host, secureContext: context, ALPNProtocols: tls.alpn.slice(1), rejectUnauthorized: false });
        await once(socket, 'secureConnect');
        peerTimes.shaken.push(performance.now() - started);
        socket.write('x');
        await once(socket, 'data');
        return socket;
      };
      const time = async (work: () => Promise<Socket>) => {
        const started = performance.now();
        const socket = await work();
        const took = performance.now() - started;
        socket.destroy();
        await pause(5);
        return took;
      };
      const times = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round < 60; round++) {
        times.ours.push(await time(through));
        times.peer.push(await time(handshake));
      }
      const [own, peer] = [median(times.ours.slice(10)), median(times.peer.slice(10))];
      const used = () => {
        (globalThis as { gc?: () => void }).gc?.();
        const { heapUsed, external } = process.memoryUsage();
        return (heapUsed + external) / 2 ** 20;
      };
      const before = used();
      const sockets = await Promise.all(Array.from({ length: 200 }, through));
      await Promise.all(
        sockets.map((socket) => {
          socket.write(Buffer.alloc(10_000, 1));
          return once(socket, 'data');
        }),
      );
      const grown = used() - before;
      const dropped = sockets.filter((socket) => socket.destroyed).length;
      for (const socket of sockets) socket.destroy();
      return [
        {
          name: 'new connection on a warm gateway, until a byte is back',
          ours: `${own.toFixed(1)} ms`,
          peer: `${peer.toFixed(1)} ms (TLS handshake; its client’s half ${median(peerTimes.shaken.slice(10)).toFixed(1)})`,
          ratio: own / peer,
          bar: '< 2 ×',
          pass: own / peer < 2,
        },
        {
          name: '200 connections at a time, heap and external memory',
          ours: `${grown.toFixed(0)} MB, ${dropped} dropped`,
          peer: '–',
          ratio: null,
          bar: '< 64 MB, 0 dropped',
          pass: grown < 64 && dropped === 0,
        },
      ];
    } finally {
      await bench.close();
    }
  },
};

const kubernetes: Benchmark = {
  name: 'gateways: kubectl',
  async run() {
    needs(have('kubectl'), 'kubectl');
    const bench = await startBench();
    const api = new KubeApi();
    const identity = await createKubeIdentity('direct', Date.now());
    const server = createTlsServer({ ...identity, ca: identity.cert, requestCert: true, ALPNProtocols: ['http/1.1'] }, (socket) =>
      api.accept(socket),
    ).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const direct = join(bench.home, 'direct-kubeconfig');
      const { port } = server.address() as { port: number };
      await writeOwnKubeconfig(direct, { name: 'direct', server: `https://127.0.0.1:${port}`, identity, namespace: '', extras: null });
      const row = await open(bench, { kind: 'kube', cluster: bench.key, leaf: '', name: 'demo-kube' });
      const times = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round < 100; round++) {
        for (const [name, KUBECONFIG] of [
          ['ours', row.kube!.kubeconfig],
          ['peer', direct],
        ] as const) {
          const started = performance.now();
          await exec('kubectl', ['get', 'pods'], { env: { ...process.env, KUBECONFIG, HOME: bench.home } });
          times[name].push(performance.now() - started);
        }
      }
      const [own, peer] = [median(times.ours), median(times.peer)];
      return [
        {
          name: 'kubectl get pods, median of 100',
          ours: `${own.toFixed(0)} ms`,
          peer: `${peer.toFixed(0)} ms (straight to the API)`,
          ratio: own / peer,
          bar: '≤ 1.2 ×',
          pass: own / peer <= 1.2,
        },
      ];
    } finally {
      api.close();
      server.close();
      await bench.close();
    }
  },
};

/** A web server that answers with as many bytes as it is told, and prints its port. */
const source = `
  const bytes = Number(process.argv[1]);
  const piece = Buffer.alloc(2 ** 20, 7);
  const server = require('node:http').createServer((request, response) => {
    response.setHeader('Content-Length', bytes);
    let left = bytes;
    const more = () => {
      while (left > 0) {
        left -= piece.length;
        if (!response.write(piece)) return;
      }
      response.end();
    };
    response.on('drain', more);
    more();
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const socks: Benchmark = {
  name: 'gateways: SOCKS',
  async run() {
    needs(have('ssh') && have('sshd'), 'ssh');
    needs(have('curl'), 'curl');
    const bench = await startBench();
    const bytes = 300 * 2 ** 20;
    // A process of its own, or what moves the bytes would wait for what makes them.
    const web = spawn(process.execPath, ['-e', source, `${bytes}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [port] = (await once(web.stdout, 'data')) as [Buffer];
      const url = `http://127.0.0.1:${String(port).trim()}/`;
      const { id } = await bench.sessions.call('connections.open', {
        target: { kind: 'forward', server: bench.target('demo-openssh'), forward: { type: 'dynamic' }, withTerminal: false },
        origin: 'resource_table',
      });
      const own = await rowOf(bench, id);
      const peerPort = await freePort();
      const openSsh = await bench.openSsh('demo-openssh');
      const ssh = spawn('ssh', openSsh.ssh('-N', '-D', `127.0.0.1:${peerPort}`), { stdio: 'ignore' });
      const rate = async (port: number) => {
        const started = performance.now();
        await exec('curl', [
          '-s',
          '-o',
          '/dev/null',
          '-f',
          '--retry',
          '20',
          '--retry-connrefused',
          '--retry-delay',
          '1',
          '-x',
          `socks5h://127.0.0.1:${port}`,
          url,
        ]);
        return bytes / 2 ** 20 / ((performance.now() - started) / 1000);
      };
      await Promise.all([rate(own.port!), rate(peerPort)]);
      const [ours, peer] = await turns(
        () => rate(own.port!),
        () => rate(peerPort),
      );
      ssh.kill();
      return [atLeast('SOCKS forward', ours, peer, (value) => `${value.toFixed(0)} MB/s`, 0.8)];
    } finally {
      web.kill();
      await bench.close();
    }
  },
};

export const gateways: readonly Benchmark[] = [databases, connections, kubernetes, socks];

const database = (bench: BenchSetup): GatewayTarget => ({ kind: 'database', cluster: bench.key, leaf: '', name: 'shop-postgres', user: 'writer' });

async function startHaproxy(bench: BenchSetup): Promise<{ port: number; stop(): Promise<void> }> {
  const { proxy, tls } = await bench.gateway(database(bench));
  const port = await freePort();
  const file = (name: string, text: string) => {
    writeFileSync(join(bench.home, name), text, { mode: 0o600 });
    return join(bench.home, name);
  };
  const crt = file('haproxy.pem', `${tls.cert}${tls.key}`);
  const server = `server teleport ${proxy.host}:${proxy.port} ssl crt ${crt} sni str(localhost) alpn teleport-postgres verify none`;
  const config = `global\n  maxconn 1000\ndefaults\n  mode tcp\n  timeout connect 10s\n  timeout client 10m\n  timeout server 10m\nlisten postgres\n  bind 127.0.0.1:${port}\n  ${server}\n`;
  const daemon = new Daemon('haproxy', ['-f', file('haproxy.cfg', config)]);
  await daemon.listening(port);
  return { port, stop: () => daemon.stop('SIGTERM') };
}

async function open(bench: BenchSetup, target: GatewayTarget): Promise<ConnectionRow> {
  const { id } = await bench.sessions.call('connections.open', { target, origin: 'resource_table' });
  return rowOf(bench, id);
}

function rowOf(bench: BenchSetup, id: string): Promise<ConnectionRow> {
  return new Promise((resolve) => {
    const stop = bench.sessions.subscribe('connections', ({ rows }: Connections) => {
      if (rows[id]?.state !== 'open') return;
      queueMicrotask(() => stop());
      resolve(rows[id]);
    });
  });
}

/** Medians of some rounds in turns. */
async function turns(ours: () => Promise<number>, peer: () => Promise<number>): Promise<[number, number]> {
  const figures = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await ours());
    figures.peer.push(await peer());
  }
  return [median(figures.ours), median(figures.peer)];
}

function atLeast(name: string, ours: number, peer: number, text: (value: number) => string, bar: number): Row {
  return { name, ours: text(ours), peer: text(peer), ratio: ours / peer, bar: `≥ ${bar} ×`, pass: ours / peer >= bar };
}
