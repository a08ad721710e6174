import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ErrorData } from '../../../../shared/errors/app-error.ts';
import type { ServerStream } from '../../../../shared/ipc/server.ts';
import { type ClusterKey, type Connector, clusterKey } from '../../../../shared/model/cluster.ts';
import type { LoginAnswer, LoginStep } from '../../../../shared/model/login.ts';
import { type EmbeddedCluster, startCluster } from '../../../../test/cluster/index.ts';
import { type ClusterOptions, demoConnectors } from '../../../../test/cluster/options.ts';
import { TestService, uncancelled } from '../../testing/service.ts';
import { teleportWire, type Wire } from '../../wire.ts';
import { browserWaitMs } from './sso-login.ts';

let cluster: EmbeddedCluster;
let app: TestService;
let focused: number;
let opened: string[];
let browserStarts: boolean;
let logins: unknown[];

async function start(options: ClusterOptions = {}, wire: Wire = teleportWire): Promise<void> {
  cluster = await startCluster({ resources: 1, sshd: false, leaf: false, connectors: demoConnectors, ...options });
  app = await TestService.start({
    wire,
    browser: {
      openBrowser: async (url) => {
        opened.push(url);
        return browserStarts;
      },
      focusApp: () => {
        focused++;
      },
    },
  });
  app.service.onLogin((event) => logins.push(event));
}
beforeEach(() => {
  focused = 0;
  opened = [];
  browserStarts = true;
  logins = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await app.close();
  await cluster.close();
});

/** The key of the cluster, which is known and trusted from now on. */
async function add(): Promise<ClusterKey> {
  await app.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  return (await app.calls['clusters.add']({ address: cluster.address }, uncancelled)).key;
}

/** A login as a page talks it over. */
function open(key: ClusterKey) {
  const steps: LoginStep[] = [];
  let hear: (answer: LoginAnswer) => void = () => {};
  let close = () => {};
  let ended: ErrorData | null | undefined;
  const stream = {
    send: (step: LoginStep) => steps.push(step),
    end: (error?: { toData(): ErrorData }) => {
      ended = error?.toData() ?? null;
    },
    onMessage: (listener: typeof hear) => {
      hear = listener;
    },
    onClose: (listener: () => void) => {
      close = listener;
    },
  };
  app.service.streams['clusters.login']({ key }, stream as unknown as ServerStream<LoginAnswer, LoginStep>);
  return {
    steps,
    choose: (connector: Connector) => hear({ type: 'sso', connector }),
    back: () => hear({ type: 'back' }),
    close: () => close(),
    ended: () => ended,
    /** The step number `index`, as soon as it is there. */
    step: (index: number) => vi.waitFor(() => steps[index] ?? expect.unreachable(), 5000),
  };
}

interface Page {
  status: number;
  location: string;
  body: string;
}
function get(url: string): Promise<Page> {
  const send = url.startsWith('https:') ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    send(url, { rejectUnauthorized: false, agent: false }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', body: Buffer.concat(parts).toString() });
    }).on('error', reject);
  });
}

/** What the person and their browser do: opens the link, follows it to the provider, says who they are, and goes where they are sent. */
async function inTheBrowser(startUrl: string, user: string): Promise<Page> {
  const first = await get(startUrl);
  const provider = first.location || /action="([^"]+)"/.exec(first.body)![1]!;
  expect((await get(provider)).body).toContain('Who are you?');
  const { body } = await get(`${provider}?user=${user}`);
  const target = /URL=([^"]+)"/.exec(body)![1]!.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
  return get(target);
}

const [github, oidc, saml] = demoConnectors;

describe.each(['14.3.0', '16.4.0', '17.2.0', '18.2.0', '19.0.0'])('a server of %s', (serverVersion) => {
  test('by each connector the person is logged in, stored with it, and reported', async () => {
    await start({ serverVersion });
    let key = await add();
    expect(await app.calls['clusters.auth-settings']({ key }, uncancelled)).toMatchObject({
      connectors: demoConnectors.map(({ type, name, display }) => ({ type, name, display })),
    });
    for (const connector of [github!, oidc!, saml!]) {
      const login = open(key);
      login.choose(connector);
      const step = await login.step(0);
      expect(step).toMatchObject({ step: 'browser', connector: { name: connector.name }, url: opened.at(-1), opened: true });
      const landed = await inTheBrowser(opened.at(-1)!, 'bob');
      expect([landed.status, landed.location]).toEqual([302, `https://${cluster.address}/web/msg/info/login_success`]);
      const own = clusterKey('bob', cluster.address);
      expect(await login.step(1)).toEqual({ step: 'done', key: own });
      expect(login.ended()).toBeNull();
      expect(app.cluster(own)).toMatchObject({ status: 'signed-in', user: 'bob', name: cluster.name });
      key = own;
      expect(logins.at(-1)).toEqual({ cluster: own, connector: connector.type });
    }
    expect(focused).toBe(3);
  });
});

test('who is logged in to the provider as somebody else is told so, and keeps the login they had', async () => {
  await start();
  const key = await add();
  const first = open(key);
  first.choose(github!);
  await first.step(0);
  await inTheBrowser(opened.at(-1)!, 'alice');
  const alice = clusterKey('alice', cluster.address);
  expect(await first.step(1)).toEqual({ step: 'done', key: alice });
  const certificate = app.cluster(alice)?.expires;

  const second = open(alice);
  second.choose(github!);
  await second.step(0);
  await inTheBrowser(opened.at(-1)!, 'bob');
  expect(await second.step(1)).toMatchObject({
    step: 'password',
    error: { code: 'invalid-credentials', message: expect.stringMatching(/logged in as bob, but this login is for alice/) },
  });
  expect(app.cluster(alice)).toMatchObject({ status: 'signed-in', expires: certificate });
  expect(app.cluster(clusterKey('bob', cluster.address))).toBeUndefined();
});

test('a provider that lets nobody in, and a connector that is not there, are said', async () => {
  await start();
  const login = open(await add());
  login.choose(oidc!);
  await login.step(0);
  const landed = await inTheBrowser(opened.at(-1)!, '');
  expect(landed.location).toBe(`https://${cluster.address}/web/msg/error/login`);
  expect(await login.step(1)).toMatchObject({ error: { code: 'access-denied', message: expect.stringContaining('did not let you in') } });
  login.choose({ ...oidc!, name: '<b>gone</b>' });
  expect(await login.step(2)).toMatchObject({ error: { code: 'access-denied', message: expect.stringContaining('could not begin') } });
});

test('the open edition has no OIDC: that is said', async () => {
  await start({ edition: 'oss' });
  const login = open(await add());
  login.choose(oidc!);
  expect(await login.step(0)).toMatchObject({ error: { code: 'unsupported', message: expect.stringContaining('GitHub only') } });
});

test('going back gives it up, and a late answer of the browser finds nobody', async () => {
  browserStarts = false;
  await start();
  const login = open(await add());
  login.choose(github!);
  expect(await login.step(0)).toMatchObject({ step: 'browser', opened: false });
  login.back();
  expect(await login.step(1)).toEqual({ step: 'password', error: null });
  await vi.waitFor(() => expect(get(opened[0]!)).rejects.toMatchObject({ code: 'ECONNREFUSED' }), 5000);
  login.close();
  await vi.waitFor(() => expect(login.ended()).toMatchObject({ code: 'cancelled' }));
});

test('nobody finishes: after three minutes it is said, and nothing listens any more', async () => {
  await start();
  const login = open(await add());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  login.choose(github!);
  while (!login.steps[0]) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(browserWaitMs);
  vi.useRealTimers();
  expect(await login.step(1)).toMatchObject({ error: { code: 'timeout' } });
});

test('certificates for somebody else than the answer says are not stored', async () => {
  await start({}, { ...teleportWire, readCertificate: async (pem) => ({ ...(await teleportWire.readCertificate(pem)), user: 'mallory' }) });
  const login = open(await add());
  login.choose(github!);
  await login.step(0);
  await inTheBrowser(opened.at(-1)!, 'alice');
  expect(await login.step(1)).toMatchObject({ error: { code: 'bad-response', message: expect.stringContaining('another user') } });
  expect(app.cluster(clusterKey('alice', cluster.address))).toBeUndefined();
});
