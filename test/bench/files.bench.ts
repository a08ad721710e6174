import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { certificateLine } from '../../electron/ssh/certificate.ts';
import { hasSshd, startSshd } from '../ssh/sshd.ts';
import { have } from '../support/have.ts';
import { delayProxy } from './delay-proxy.ts';
import { memoryFolder, ourFiles, peerSeconds, sftpSeconds, writeLarge } from './file-peers.ts';
import { OpenSsh } from './open-ssh.ts';
import { type Benchmark, median, needs, type Row } from './row.ts';
import { startBench } from './setup.ts';

const megabyte = 1_000_000;
const large = 1000 * megabyte;
const farSize = 200 * megabyte;
const farRoundTrip = 50;
const smallFiles = 5000;
const rounds = 3;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Heap and external memory after a collection, in megabytes. */
function memory(): number {
  for (let round = 0; round < 3; round++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / megabyte;
}

const speedRow = (name: string, bytes: number, ours: number, peer: number, bar: number): Row => {
  const ratio = peer / ours;
  const show = (seconds: number) => `${(bytes / megabyte / seconds).toFixed(0)} MB/s`;
  return { name, ours: show(ours), peer: `${show(peer)} (sftp)`, ratio, bar: `≥ ${bar} ×`, pass: ratio >= bar };
};

const memoryRow = (name: string, growth: number): Row => ({
  name,
  ours: `${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB`,
  peer: '–',
  ratio: null,
  bar: '< +64 MB',
  pass: growth < 64,
});

/** Files on the embedded cluster's real sshd, beside OpenSSH's `sftp` through the same proxy. */
export const files: Benchmark = {
  name: 'files',
  async run() {
    needs(have('sshd') && hasSshd, 'sshd');
    needs(have('sftp'), 'sftp');
    const bench = await startBench();
    const folder = memoryFolder('files-bench');
    try {
      const ticket = await bench.ticket('demo-openssh');
      const target = bench.target('demo-openssh');
      const openSsh = await bench.openSsh('demo-openssh');
      const rows: Row[] = [];
      const paths = (name: string) => {
        for (const part of ['source', 'ours', 'peer']) mkdirSync(join(folder, name, part), { recursive: true });
        return { source: join(folder, name, 'source'), ours: join(folder, name, 'ours'), peer: join(folder, name, 'peer') };
      };
      const clear = (path: string) => {
        rmSync(path, { recursive: true, force: true });
        mkdirSync(path);
      };

      const near = ourFiles(ticket, target);
      const one = paths('one');
      writeLarge(join(one.source, 'large'), large);
      for (const direction of ['upload', 'download'] as const) {
        const times = { ours: [] as number[], peer: [] as number[] };
        const before = memory();
        for (let round = 0; round < rounds; round++) {
          times.peer.push(await peerSeconds(openSsh, `${direction === 'upload' ? 'put' : 'get'} "${one.source}/large" "${one.peer}/large"\n`));
          clear(one.peer);
          times.ours.push(await near.move({ direction, sources: [join(one.source, 'large')], folder: one.ours }));
          clear(one.ours);
        }
        rows.push(speedRow(`files: 1 GB ${direction}`, large, median(times.ours), median(times.peer), 1));
        rows.push(memoryRow(`files: 1 GB ${direction}, memory of the host`, memory() - before));
      }

      const proxy = await delayProxy(ticket.proxy.port, farRoundTrip);
      const farTicket = { ...ticket, connectionKey: 'far', proxy: { ...ticket.proxy, host: '127.0.0.1', port: proxy.port } };
      const far = ourFiles(farTicket, target);
      const farSsh = new OpenSsh(mkdtempSync(join(tmpdir(), 'slipway-far-')), farTicket, bench.cluster.name);
      writeLarge(join(one.source, 'far'), farSize);
      for (const [direction, bar] of [
        ['upload', 1.5],
        ['download', 3],
      ] as const) {
        const peer = await peerSeconds(farSsh, `${direction === 'upload' ? 'put' : 'get'} "${one.source}/far" "${one.peer}/far"\n`);
        const ours: number[] = [];
        for (let round = 0; round < rounds; round++) ours.push(await far.move({ direction, sources: [join(one.source, 'far')], folder: one.ours }));
        clear(one.ours);
        clear(one.peer);
        rows.push(speedRow(`files: 200 MB ${direction} at ${farRoundTrip} ms`, farSize, median(ours), peer, bar));
      }
      await far.close();
      proxy.close();

      const many = paths('many');
      mkdirSync(join(many.source, 'tree'));
      for (let index = 0; index < smallFiles; index++) writeFileSync(join(many.source, 'tree', `file-${index}`), Buffer.alloc(4096, index));
      const direct = await startSshd();
      const { certificate, privateKey } = direct.credentials('ecdsa');
      const directFolder = mkdtempSync(join(tmpdir(), 'slipway-direct-'));
      const file = (name: string, text: string) => {
        writeFileSync(join(directFolder, name), text, { mode: 0o600 });
        return join(directFolder, name);
      };
      file('key-cert.pub', `${certificateLine(certificate)}\n`);
      const directOptions = [
        '-F',
        'none',
        '-P',
        String(direct.port),
        '-i',
        file('key', privateKey),
        '-o',
        `CertificateFile=${join(directFolder, 'key-cert.pub')}`,
        '-o',
        'HostName=127.0.0.1',
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        'UserKnownHostsFile=/dev/null',
        '-o',
        'LogLevel=ERROR',
        '-o',
        `User=${direct.login}`,
        '-o',
        'IdentityAgent=none',
      ];
      for (const direction of ['upload', 'download'] as const) {
        const command = `${direction === 'upload' ? 'put' : 'get'} -r "${many.source}/tree" "${many.peer}/"\n`;
        const before = memory();
        const times = { ours: [] as number[], peer: [] as number[], direct: [] as number[] };
        for (let round = 0; round < rounds; round++) {
          times.peer.push(await peerSeconds(openSsh, command));
          clear(many.peer);
          times.direct.push((await sftpSeconds(directOptions, command)) - (await sftpSeconds(directOptions, 'pwd\n')));
          clear(many.peer);
          times.ours.push(await near.move({ direction, sources: [join(many.source, 'tree')], folder: many.ours }));
          clear(many.ours);
        }
        const [ours, peer, straight] = [median(times.ours), median(times.peer), median(times.direct)];
        const name = `files: 5,000 × 4 KB ${direction}`;
        const row = (where: string, seconds: number, bar: number): Row => ({
          name: where,
          ours: `${ours.toFixed(2)} s`,
          peer: `${seconds.toFixed(2)} s (sftp -r)`,
          ratio: seconds / ours,
          bar: `≥ ${bar} ×`,
          pass: seconds / ours >= bar,
        });
        rows.push(
          row(name, peer, 4),
          row(`${name}, peer straight to sshd`, straight, 1.5),
          memoryRow(`${name}, memory of the host`, memory() - before),
        );
      }
      await direct.stop();
      rmSync(directFolder, { recursive: true, force: true });
      await near.close();
      return rows;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
    }
  },
};
