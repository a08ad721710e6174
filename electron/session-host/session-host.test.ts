import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type SessionHostContract, sessionHostContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { type Handlers, serve, Topic } from '../../shared/ipc/server.ts';
import type { OpenTerminal, TerminalDown } from '../../shared/model/terminal.ts';
import { hasSshd, type Sshd, startSshd } from '../../test/ssh/sshd.ts';
import { type SshTicket, type TicketContract, ticketContract } from '../host-contract/ticket.ts';
import { certificateLine } from '../ssh/certificate.ts';
import { encodeFrames, FrameReader } from '../teleport/transport/proxy-ssh-frames.ts';
import { ProxySshPool } from '../teleport/transport/proxy-ssh-pool.ts';
import { createSessionHost } from './session-host.ts';
import { SshDialer } from './ssh-connections/ssh-dialer.ts';

const target = { cluster: 'one', leaf: '', node: 'uuid', hostname: 'node-one', login: 'root' };
const size = { cols: 80, rows: 24 };
const sshParams = { kind: 'ssh', target, size, origin: 'resource_table' } satisfies OpenTerminal;
const serverLog = { refused: vi.fn(), failed: vi.fn() };

let ticketCalls: Handlers<TicketContract>['calls'];
let opened: unknown[];
let expired: unknown[];
let page: Client<SessionHostContract>;
let host: ReturnType<typeof createSessionHost>;
let loadDialer: (() => Promise<SshDialer>) | undefined;
const log = { info: vi.fn(), warn: vi.fn() };

function setUp(): void {
  opened = [];
  expired = [];
  const [hostPort, mainPort] = portPair();
  serve(
    ticketContract,
    mainPort,
    {
      calls: {
        ...ticketCalls,
        'session.opened': (call) => {
          opened.push(call);
          return null;
        },
        'background.report': () => null,
        'ticket.expired': (call) => {
          expired.push(call);
          return null;
        },
      },
      streams: {},
      topics: { access: new Topic({}) },
    },
    serverLog,
  );
  host = createSessionHost({
    tickets: new Client(ticketContract, hostPort),
    log,
    env: { ...process.env, LANG: 'C.UTF-8', ELECTRON_RUN_AS_NODE: '1' },
    ...(loadDialer ? { loadDialer } : {}),
  });
  loadPage();
}

/** A page, or the same one loaded anew: its ports are closed and it has new ones. */
function loadPage(): void {
  page?.close();
  const [pagePort, servedPort] = portPair();
  serve(sessionHostContract, servedPort, host.handlers, serverLog);
  page = new Client(sessionHostContract, pagePort);
}

function open(params: OpenTerminal, credit = Number.MAX_SAFE_INTEGER) {
  const messages: TerminalDown[] = [];
  const state = { text: '', tail: '', bytes: 0, xs: 0, messages, end: undefined as AppError | null | undefined };
  const handle = page.open('terminal', params, {
    data: (bytes) => {
      state.bytes += bytes.length;
      for (const byte of bytes) if (byte === 120) state.xs++;
      state.tail = Buffer.from(bytes.slice(-1000)).toString();
      if (state.text.length < 100_000) state.text += Buffer.from(bytes).toString();
    },
    message: (message) => messages.push(message),
    end: (error) => {
      state.end = error;
    },
  });
  if (credit > 0) handle.grant(credit);
  const ready = () => vi.waitFor(() => expect(messages.some(({ type }) => type === 'ready')).toBe(true), { timeout: 10_000 });
  const ended = () => vi.waitFor(() => expect(state.end).not.toBeUndefined(), { timeout: 10_000 });
  const shows = (text: string | RegExp) => vi.waitFor(() => expect(state.text).toMatch(text), { timeout: 10_000 });
  const type = (text: string) => handle.write(Buffer.from(text));
  return { handle, state, messages, ready, ended, shows, type };
}

beforeEach(() => {
  loadDialer = undefined;
  ticketCalls = {
    'ticket.ssh': () => {
      throw new AppError('access-denied', 'No.');
    },
  } as never;
});
afterEach(() => {
  page?.close();
  host?.close();
});

describe.skipIf(process.platform === 'win32')('a local shell', () => {
  test('runs on a real terminal with colours, takes keys and sizes, and tells how it ended', async () => {
    setUp();
    const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-cwd-')));
    const shell = open({ kind: 'shell', cwd, size });
    await shell.ready();
    shell.type('tty; pwd; echo "$TERM/$COLORTERM/${ELECTRON_RUN_AS_NODE-none}"; stty size\n');
    await shell.shows(/\/dev\/pts\/\d+/);
    await shell.shows(cwd);
    await shell.shows('xterm-256color/truecolor/none');
    await shell.shows('24 80');
    shell.handle.send({ type: 'resize', size: { cols: 132, rows: 43 } });
    shell.type('stty size\n');
    await shell.shows('43 132');
    shell.type('exit 7\n');
    await shell.ended();
    expect(shell.messages.at(-1)).toEqual({ type: 'exit', code: 7, signal: null, error: null });
    expect(shell.state.end).toBeNull();
  });

  test.skipIf(process.platform !== 'linux')('tells its folder as it changes', async () => {
    setUp();
    const shell = open({ kind: 'shell', cwd: '/no/such/folder', size });
    await shell.ready();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-cd-')));
    shell.type(`cd ${folder}\n`);
    await vi.waitFor(() => expect(shell.messages).toContainEqual({ type: 'cwd', cwd: folder }), { timeout: 5000 });
    shell.handle.close();
  });

  test('stops without credit and loses nothing, not even what it wrote just before its end', async () => {
    setUp();
    const shell = open({ kind: 'shell', cwd: '/', size }, 1000);
    await shell.ready();
    const flood = 'stty -onlcr -echo; head -c 3000000 /dev/zero | tr "\\0" x; echo END; exit\n';
    shell.type(flood);
    await vi.waitFor(() => expect(shell.state.bytes).toBe(1000), { timeout: 5000 });
    // Another one with credit writes as much to its end meanwhile.
    const beside = open({ kind: 'shell', cwd: '/', size });
    await beside.ready();
    beside.type(flood);
    await beside.ended();
    expect(beside.state.xs).toBeGreaterThanOrEqual(3_000_000);
    expect(shell.state.bytes).toBe(1000);
    shell.handle.grant(Number.MAX_SAFE_INTEGER - 1000);
    await shell.ended();
    expect(shell.state.xs).toBeGreaterThanOrEqual(3_000_000);
    expect(shell.messages.at(-1)).toMatchObject({ type: 'exit', code: 0 });
  });

  test('what a program writes just before its end is there in full, again and again', async () => {
    setUp();
    for (let round = 0; round < 4; round++) {
      const shell = open({ kind: 'shell', cwd: '/', size });
      await shell.ready();
      shell.type('stty -onlcr -echo; exec sh -c \'head -c 300000 /dev/zero | tr "\\0" x\'\n');
      await shell.ended();
      expect(shell.state.xs).toBeGreaterThanOrEqual(300_000);
    }
  });

  test('ends when the page closes it', async () => {
    setUp();
    const shell = open({ kind: 'shell', cwd: '/', size });
    await shell.ready();
    shell.type('echo pid=$$\n');
    await shell.shows(/pid=\d+/);
    const pid = Number(/pid=(\d+)/.exec(shell.state.text)![1]);
    shell.handle.close();
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 5000 });
  });

  describe('whose page is loaded anew', () => {
    const secret = 'a secret that only this page has, and no other';
    const kept = { kind: 'shell', cwd: '/', size, keep: { page: secret, tab: 'tab' } } as const;
    const pidOf = async (shell: ReturnType<typeof open>) => {
      shell.type('echo pid=$$\n');
      await shell.shows(/pid=\d+/);
      return Number(/pid=(\d+)/.exec(shell.state.text)?.[1]);
    };
    const isGone = (pid: number) => vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 5000 });
    const replayOf = (shell: ReturnType<typeof open>) => shell.messages.find((message) => message.type === 'replay')?.replay;

    test('goes on, and the page is shown what was there and what it missed', async () => {
      setUp();
      const before = open(kept);
      await before.ready();
      const pid = await pidOf(before);
      const go = join(mkdtempSync(join(tmpdir(), 'slipway-go-')), 'go');
      before.type(`f=${go}\n`);
      before.type("until [ -e $f ]; do sleep .1; done; echo mis''sed; : >$f.2\n");
      await before.shows(/mis''sed/);
      loadPage();
      expect(await page.call('terminals.kept', { page: secret })).toEqual(['tab']);
      writeFileSync(go, '');
      await vi.waitFor(() => expect(existsSync(`${go}.2`)).toBe(true), { timeout: 5000 });
      const after = open(kept);
      await after.shows(/pid=\d+.*\rmissed/s);
      expect(after.state.text.startsWith(before.state.text)).toBe(true);
      expect(after.messages.map(({ type }) => type).slice(0, 2)).toEqual(['replay', 'ready']);
      after.type('echo "again $$"; exit 3\n');
      await after.shows(`again ${pid}`);
      await after.ended();
      expect(after.messages.at(-1)).toMatchObject({ type: 'exit', code: 3 });
      expect(await page.call('terminals.kept', { page: secret })).toEqual([]);
    });

    test('is drawn from the picture that the page handed over, and what came after it', async () => {
      setUp();
      const before = open(kept);
      await before.ready();
      await pidOf(before);
      before.handle.send({ type: 'screen', screen: { at: before.state.bytes, size, text: 'the picture' } });
      before.type('echo $((1000+1))\n');
      await before.shows('1001');
      loadPage();
      const after = open(kept);
      await after.shows('1001');
      expect(replayOf(after)?.screen?.text).toBe('the picture');
      expect(after.state.text).not.toContain('pid=');
    });

    test('stands still when more is written than can be kept, so that nothing is lost', async () => {
      setUp();
      const before = open(kept, 100_000);
      await before.ready();
      before.type('stty -onlcr -echo; head -c 3000000 /dev/zero | tr "\\0" x; echo END; exit\n');
      await vi.waitFor(() => expect(before.state.bytes).toBe(100_000), { timeout: 10_000 });
      loadPage();
      const after = open(kept);
      await after.ended();
      expect(after.state.xs).toBeGreaterThanOrEqual(3_000_000);
      expect(after.state.tail).toContain('END');
    });

    test('its end is told to the page that comes back', async () => {
      setUp();
      const before = open(kept);
      await before.ready();
      const pid = await pidOf(before);
      loadPage();
      process.kill(pid, 'SIGKILL');
      await isGone(pid);
      const after = open(kept);
      await after.ended();
      expect(after.state.text).toContain(`pid=${pid}`);
      expect(after.messages.at(-1)).toMatchObject({ type: 'exit', code: null, signal: 'SIGKILL' });
    });

    test('is not given to a page without the secret, nor to another tab', async () => {
      setUp();
      const before = open(kept);
      await before.ready();
      const pid = await pidOf(before);
      loadPage();
      const others = [
        open({ ...kept, keep: { page: `${secret}!`, tab: 'tab' } }),
        open({ ...kept, keep: { page: secret, tab: 'other' } }),
        open({ kind: 'shell', cwd: '/', size }),
      ];
      for (const other of others) {
        await other.ready();
        expect(replayOf(other)).toBeUndefined();
        expect(await pidOf(other)).not.toBe(pid);
      }
      expect(await page.call('terminals.kept', { page: `${secret}?` })).toEqual([]);
    });

    test('ends when the tab is closed', async () => {
      setUp();
      const before = open(kept);
      await before.ready();
      const pid = await pidOf(before);
      before.handle.close();
      await isGone(pid);
      expect(await page.call('terminals.kept', { page: secret })).toEqual([]);
    });

    test('ends at once when it has no page to wait for', async () => {
      setUp();
      const before = open({ kind: 'shell', cwd: '/', size });
      await before.ready();
      const pid = await pidOf(before);
      loadPage();
      await isGone(pid);
    });
  });

  test('a signal that ended it is named', async () => {
    setUp();
    const shell = open({ kind: 'shell', cwd: '/', size });
    await shell.ready();
    shell.type('kill -9 $$\n');
    await shell.ended();
    expect(shell.messages.at(-1)).toMatchObject({ type: 'exit', code: null, signal: 'SIGKILL' });
  });
});

describe('a shell on a server', () => {
  test('a ticket that is refused ends the stream with its reason', async () => {
    setUp();
    const tab = open(sshParams);
    await tab.ended();
    expect(tab.state.end).toMatchObject({ code: 'access-denied', message: 'No.' });
    expect(expired).toEqual([]);
  });

  describe.skipIf(!hasSshd)('on a real OpenSSH server behind a relay (skipped when sshd is not installed)', () => {
    let sshd: Sshd;
    let dialled: number;
    let relay: ReturnType<typeof createHttp2>;
    let calls: ServerHttp2Stream[];
    let ticket: SshTicket;
    let refuse: { status: string; message: string } | null;

    beforeAll(async () => {
      sshd = await startSshd();
      relay = createHttp2();
      relay.on('session', (session) => session.on('error', () => {}));
      relay.on('stream', (call) => {
        dialled++;
        calls.push(call);
        call.on('error', () => {});
        if (refuse) return call.respond({ ':status': 200, 'grpc-status': refuse.status, 'grpc-message': refuse.message }, { endStream: true });
        const socket = connect(sshd.port, '127.0.0.1');
        socket.on('error', () => {});
        call.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        call.on('wantTrailers', () => call.sendTrailers({ 'grpc-status': '0' }));
        call.write(Buffer.from([0, 0, 0, 0, 2, 0x0a, 0]));
        let isFirst = true;
        const reader = new FrameReader((kind, payload) => kind === 'ssh' && socket.write(payload));
        call.on('data', (chunk: Buffer) => {
          if (isFirst) {
            isFirst = false;
            return reader.push(chunk.subarray(5 + chunk.readUInt32BE(1)));
          }
          reader.push(chunk);
        });
        socket.on('data', (chunk) => {
          if (!call.write(encodeFrames('ssh', [chunk]))) {
            socket.pause();
            call.once('drain', () => socket.resume());
          }
        });
        socket.on('close', () => call.end());
        call.on('close', () => socket.destroy());
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    });
    afterAll(async () => {
      relay.close();
      await sshd.stop();
    });

    beforeEach(() => {
      dialled = 0;
      calls = [];
      refuse = null;
      const pool = new ProxySshPool(async () => {
        const socket = connect((relay.address() as AddressInfo).port, '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        return socket as TLSSocket;
      });
      loadDialer = async () => new SshDialer(pool);
      const { certificate, privateKey } = sshd.credentials();
      ticket = {
        connectionKey: 'a',
        proxy: { host: '127.0.0.1', port: 1, upgrade: false, version: '19.0.0', trustedFingerprint: null },
        tls: { servername: 'x', ca: [], cert: '', key: '' },
        dial: { hostPort: 'uuid:0', cluster: 'one' },
        login: sshd.login,
        certificate: certificateLine(certificate),
        privateKey,
        hostCas: sshd.hostCas,
        hostPrincipal: 'node',
        proofRefusal: { code: 'session-mfa', message: 'It wants a proof.' },
      };
      ticketCalls = { 'ticket.ssh': () => ticket } as never;
      setUp();
    });

    test('goes through its steps, works, and tells its end', async () => {
      const tab = open(sshParams);
      tab.type('echo $((6*7)); stty size; exit 5\n');
      tab.handle.send({ type: 'resize', size: { cols: 101, rows: 31 } });
      await tab.ended();
      expect(tab.state.text).toMatch(/42\r\n31 101\r\n/);
      expect(tab.messages.map((message) => (message.type === 'progress' ? message.step : message.type))).toEqual([
        'signing',
        'dialling',
        'authenticating',
        'starting',
        'ready',
        'exit',
      ]);
      expect(tab.messages.at(-2)).toEqual({ type: 'ready', title: 'root@node-one' });
      expect(tab.messages.at(-1)).toEqual({ type: 'exit', code: 5, signal: null, error: null });
      expect(opened).toEqual([{ cluster: 'one', protocol: 'ssh', origin: 'resource_table' }]);
    });

    test('twelve tabs and files work beside each other, although OpenSSH takes ten sessions on a connection', async () => {
      const tabs = Array.from({ length: 12 }, () => open(sshParams));
      await Promise.all(tabs.map((tab) => tab.ready()));
      const place = { kind: 'remote', target: (sshParams as OpenTerminal & { kind: 'ssh' }).target } as const;
      expect(await page.call('files.resolve', { place, path: '/tmp' })).toEqual({ path: '/tmp', kind: 'folder' });
      expect(dialled).toBe(2);
      for (const [at, tab] of tabs.entries()) tab.type(`echo tab-$((${at}+100))\n`);
      // Twelve shells start at a time, on whatever machine this is.
      await vi.waitFor(() => expect(tabs.filter(({ state }, at) => state.text.includes(`tab-${at + 100}`)).length).toBe(12), { timeout: 50_000 });
    }, 60_000);

    test('a server that answers nothing for three seconds is shown as such, until it answers', async () => {
      const tab = open(sshParams);
      await tab.ready();
      await tab.shows(/[#$] /);
      const stalls = () => tab.messages.filter(({ type }) => type === 'stalled');
      for (const call of calls) call.pause();
      tab.type('echo $((40+2))\n');
      await vi.waitFor(() => expect(stalls()).toEqual([{ type: 'stalled', stalled: true }]), { timeout: 10_000 });
      expect(tab.state.text).not.toContain('42');
      for (const call of calls) call.resume();
      await tab.shows('42');
      expect(stalls()).toEqual([
        { type: 'stalled', stalled: true },
        { type: 'stalled', stalled: false },
      ]);
    }, 30_000);

    test('tabs with one key share a connection, which outlives the last for a moment; another key has its own', async () => {
      const tabs = [open(sshParams), open(sshParams)];
      await Promise.all(tabs.map((tab) => tab.ready()));
      for (const tab of tabs) tab.handle.close();
      const third = open(sshParams);
      await third.ready();
      expect(dialled).toBe(1);
      ticket = { ...ticket, connectionKey: 'b' };
      const other = open(sshParams);
      await other.ready();
      expect(dialled).toBe(2);
      expect(opened).toHaveLength(4);
    });

    test('a page that stops reading stops the server, and other tabs go on', async () => {
      const flood = open(sshParams, 100_000);
      await flood.ready();
      flood.type('yes\n');
      await vi.waitFor(() => expect(flood.state.bytes).toBe(100_000), { timeout: 10_000 });
      const tab = open(sshParams);
      await tab.ready();
      tab.type('echo alive=$((1+1))\n');
      await tab.shows('alive=2');
      expect(flood.state.bytes).toBe(100_000);
      flood.handle.grant(5_000_000);
      await vi.waitFor(() => expect(flood.state.bytes).toBe(5_100_000), { timeout: 10_000 });
      flood.type('\x03');
      flood.handle.grant(Number.MAX_SAFE_INTEGER - 6_000_000);
      await vi.waitFor(() => expect(flood.state.tail).toMatch(/[#$] $/), { timeout: 10_000 });
    });

    test('a lost connection ends every tab on it with the reason, and a new tab connects anew', async () => {
      const tabs = [open(sshParams), open(sshParams)];
      await Promise.all(tabs.map((tab) => tab.ready()));
      calls[0]!.close(2);
      await Promise.all(tabs.map((tab) => tab.ended()));
      for (const tab of tabs) expect(tab.messages.at(-1)).toMatchObject({ type: 'exit', code: null, signal: null, error: { code: 'closed' } });
      const again = open(sshParams);
      await again.ready();
      expect(dialled).toBe(2);
    });

    test('refusals are told in words', async () => {
      refuse = { status: '14', message: 'target host is offline' };
      const offline = open(sshParams);
      await offline.ended();
      expect(offline.state.end).toMatchObject({ code: 'node-offline' });
      refuse = null;
      ticket = { ...ticket, connectionKey: 'c', login: 'nobody-here' };
      const denied = open(sshParams);
      await denied.ended();
      expect(denied.state.end).toMatchObject({ code: 'login-refused' });
      ticket = { ...ticket, connectionKey: 'd', login: sshd.login, hostPrincipal: 'elsewhere' };
      const stranger = open(sshParams);
      await stranger.ended();
      expect(stranger.state.end).toMatchObject({ code: 'host-key', details: { reason: 'principal' } });
      expect(expired).toEqual([]);
    });

    test('credentials that ran out are reported to main', async () => {
      const past = sshd.credentials('ed25519', { validBefore: 1_700_000_000n });
      ticket = { ...ticket, certificate: certificateLine(past.certificate), privateKey: past.privateKey };
      const tab = open(sshParams);
      await tab.ended();
      expect(tab.state.end).toMatchObject({ code: 'expired' });
      await vi.waitFor(() => expect(expired).toEqual([{ cluster: 'one' }]));
    });

    test('a closed page gives up a connection under way, and no secret is in any log', async () => {
      const tab = open(sshParams);
      tab.handle.close();
      // A tab that was opened later has its shell, so the closed one would have its own by now.
      await open(sshParams).ready();
      expect(tab.messages.filter(({ type }) => type === 'ready')).toEqual([]);
      const logged = JSON.stringify([log.warn.mock.calls, log.info.mock.calls, serverLog.failed.mock.calls]);
      expect(logged).not.toContain('PRIVATE KEY');
      expect(serverLog.failed).not.toHaveBeenCalled();
    });
  });
});
