import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { isPage } from './guards.ts';

export interface PagePortsOptions {
  pageUrl: string;
  connectMain(port: MessagePortMain): void;
  connectSessionHost(port: MessagePortMain): void;
  refused(what: string): void;
}

/** Hands every load of the page its two ports, to main and to the session host, and a new one when the session host was replaced. */
export class PagePorts {
  readonly #options: PagePortsOptions;
  readonly #pages = new Set<WebContents>();

  constructor(options: PagePortsOptions) {
    this.#options = options;
    ipcMain.on('slipway-connect', ({ sender, senderFrame }) => {
      if (!senderFrame || senderFrame !== sender.mainFrame || !isPage(senderFrame.url, options.pageUrl)) return options.refused('ports');
      const main = new MessageChannelMain();
      const channel = new MessageChannelMain();
      senderFrame.postMessage('slipway-ports', null, [main.port1, channel.port1]);
      options.connectMain(main.port2);
      options.connectSessionHost(channel.port2);
      if (this.#pages.has(sender)) return;
      this.#pages.add(sender);
      sender.once('destroyed', () => this.#pages.delete(sender));
    });
  }

  replaceSessionHost(): void {
    for (const page of this.#pages) {
      const channel = new MessageChannelMain();
      page.mainFrame.postMessage('slipway-ports', null, [channel.port1]);
      this.#options.connectSessionHost(channel.port2);
    }
  }
}
