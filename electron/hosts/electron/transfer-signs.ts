import { type BrowserWindow, MessageChannelMain, type MessagePortMain, Notification } from 'electron';
import { sessionHostContract } from '../../../shared/contract/index.ts';
import { Client } from '../../../shared/ipc/client.ts';
import type { Transfers } from '../../../shared/model/files.ts';
import { TransferEnds, type TransferNotice } from '../../../shared/model/transfer-ends.ts';
import { electronPort } from './electron-port.ts';

export interface TransferSignsOptions {
  window(): BrowserWindow | null;
  /** The person clicked the notice: shows the app and its transfers. */
  open(): void;
}

/** Shows the progress of transfers on the dock or task bar, and announces their ends through the OS; also while no window is open. */
export class TransferSigns {
  readonly #options: TransferSignsOptions;
  readonly #ends: TransferEnds;
  // Keeps the notifications alive: a collected one loses its click.
  readonly #shown = new Set<Notification>();
  #on: { window: BrowserWindow; text: string } | null = null;

  constructor(options: TransferSignsOptions) {
    this.#options = options;
    this.#ends = new TransferEnds({ isWatched: () => options.window()?.isFocused() ?? false, tell: (notice) => this.#show(notice) });
  }

  update(transfers: Transfers): void {
    this.#ends.update(transfers);
    const isAsking = Object.values(transfers.rows).some(({ state }) => state === 'asking');
    this.#progress(transfers.totals.progress, isAsking);
  }

  /** Listens to a session host, which gets the far end of a port. Reports of an earlier session host no longer count. */
  follow(connect: (port: MessagePortMain) => void): void {
    this.#progress(null, false);
    const { port1, port2 } = new MessageChannelMain();
    connect(port2);
    new Client(sessionHostContract, electronPort(port1)).subscribe('transfers', (transfers) => this.update(transfers));
  }

  /** Shows whole percents, each once in each window. On Windows the bar is highlighted while a transfer waits for an answer. */
  #progress(progress: number | null, isAsking: boolean): void {
    const window = this.#options.window();
    if (!window || window.isDestroyed()) return;
    const percent = progress === null ? -1 : Math.floor(progress * 100);
    const text = `${percent} ${isAsking}`;
    const isNew = this.#on?.window !== window;
    if (isNew ? percent < 0 : this.#on?.text === text) return;
    this.#on = { window, text };
    if (percent < 0) window.setProgressBar(-1);
    else window.setProgressBar(percent / 100, { mode: isAsking ? 'paused' : 'normal' });
  }

  #show({ title, body }: TransferNotice): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    this.#shown.add(notification);
    const forget = () => this.#shown.delete(notification);
    notification.on('click', () => {
      forget();
      this.#options.open();
    });
    notification.on('close', forget);
    notification.on('failed', forget);
    notification.show();
  }
}
