// @vitest-environment jsdom
import { MessageChannel as NodeChannel } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { mainContract } from '../../shared/contract/index.ts';
import { type Handlers, serve } from '../../shared/ipc/server.ts';
import type { Port } from '../../shared/ipc/wire.ts';
import { sampleInfo } from '../fakes/samples.ts';
import { connect } from './connect.ts';
import { keepPreloadPorts } from './preload-ports.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
  vi.unstubAllGlobals();
});

/** The app's end of a channel whose other end the page gets. */
function channel() {
  const { port1, port2 } = new NodeChannel();
  opened.push(port1, port2);
  const far: Port = {
    post: (message) => port1.postMessage(message),
    onMessage: (listener) => void port1.on('message', listener),
    onClose: (listener) => void port1.on('close', listener),
    close: () => port1.close(),
  };
  return { page: port2 as unknown as MessagePort, far };
}

function serveInfo(port: Port) {
  const handlers = { calls: { 'app.info': () => sampleInfo }, streams: {}, topics: {} } as unknown as Handlers<typeof mainContract>;
  serve(mainContract, port, handlers, { refused: () => {}, failed: () => {} });
}

/** jsdom's own window.postMessage hands over no ports. */
const handOver = (ports: MessagePort[]) => {
  const event = new Event('message');
  Object.assign(event, { data: { type: 'slipway-ports' }, ports });
  Object.defineProperty(event, 'source', { value: window });
  window.dispatchEvent(event);
};

test('ports that came before anybody asked are used, a later session port replaces the first, and the end is told', async () => {
  vi.stubGlobal('navigator', { userAgent: 'Chrome/140 Electron/45.4.1' });
  keepPreloadPorts();
  const main = channel();
  const session = channel();
  serveInfo(main.far);
  handOver([main.page, session.page]);
  const connection = await connect();
  expect(connection.info).toEqual(sampleInfo);
  const first = connection.sessionHost();
  handOver([channel().page]);
  expect(connection.sessionHost()).not.toBe(first);
  main.far.close();
  await connection.closed;
  await expect(connection.main.call('app.info', null)).rejects.toMatchObject({ code: 'closed' });
});
