import { mainContract, sessionHostContract } from '../../shared/contract/index.ts';
import { Client } from '../../shared/ipc/client.ts';
import { socketProtocols } from '../../shared/ipc/page-key.ts';
import type { Port } from '../../shared/ipc/wire.ts';
import type { Connection } from '../state/connection.ts';
import { messagePort } from './message-port.ts';
import { pageIdentity } from './page-identity.ts';
import { pageKey } from './page-key.ts';
import { onPreloadPorts } from './preload-ports.ts';
import { webSocketPort } from './web-socket-port.ts';

/** The source of the two ports: the preload's message in Electron, two WebSockets in the browser host. */
interface PortSource {
  readonly main: Port;
  /** Calls back with the session host's first port and with each one that replaces it. */
  onSessionHost(listener: (port: Port) => void): void;
}

/** Rejects with a sentence for people when the browser host does not let this page in. */
export async function connect(): Promise<Connection> {
  const source = navigator.userAgent.includes('Electron/') ? await portsFromPreload() : portsFromSockets(await pageKey());
  const main = new Client(mainContract, source.main);
  const closed = new Promise<void>((resolve) => source.main.onClose(resolve));
  const listeners = new Set<() => void>();
  const sessionHost = await new Promise<() => Client<typeof sessionHostContract>>((resolve) => {
    let current: Client<typeof sessionHostContract>;
    source.onSessionHost((port) => {
      current = new Client(sessionHostContract, port);
      resolve(() => current);
      for (const listener of [...listeners]) listener();
    });
  });
  const onSessionHost = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const [info, page] = await Promise.all([main.call('app.info', null), pageIdentity(sessionHost())]);
  return { main, sessionHost, onSessionHost, closed, info, page };
}

async function portsFromPreload(): Promise<PortSource> {
  let main: ((port: MessagePort) => void) | undefined;
  const hostPorts: MessagePort[] = [];
  let onSessionHost: (port: MessagePort) => void = (port) => void hostPorts.push(port);
  const first = new Promise<MessagePort>((resolve) => (main = resolve));
  onPreloadPorts((ports) => {
    const sessionHost = ports.at(-1);
    const mainPort = ports.at(-2);
    if (mainPort) main?.(mainPort);
    if (sessionHost) onSessionHost(sessionHost);
  });
  return {
    main: messagePort(await first),
    onSessionHost: (listener) => {
      onSessionHost = (port) => listener(messagePort(port));
      hostPorts.forEach(onSessionHost);
    },
  };
}

/** The browser host may be restarting; asking more often would only burden it. */
const retryMs = 1000;

function portsFromSockets(key: string): PortSource {
  const open = (path: string) => webSocketPort(new URL(path, location.href.replace(/^http/, 'ws')), socketProtocols(key));
  return {
    main: open('/ipc/main'),
    onSessionHost: (listener) => {
      const openHost = () => {
        const port = open('/ipc/session');
        port.onClose(() => setTimeout(openHost, retryMs));
        listener(port);
      };
      openHost();
    },
  };
}
