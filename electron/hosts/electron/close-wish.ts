import { app, type BrowserWindow } from 'electron';

/**
 * Remembers why a window is being closed. Its page may hold it open with a question (`beforeunload`) and close it later; a quit
 * that waited for the answer then goes on. A page does not hold up the signals that end a process.
 */
export class CloseWish {
  #isQuitting = false;
  #quitAfterwards = false;
  #isForced = false;

  constructor() {
    app.on('before-quit', () => (this.#isQuitting = true));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        this.#isForced = true;
        app.quit();
      });
  }

  /** Whether the window that was closed last was to be closed for a quit. */
  get quit(): boolean {
    return this.#quitAfterwards;
  }

  watch(window: BrowserWindow): void {
    // Closed by the person or by a quit; a page that closes its own window does so without this event.
    window.on('close', () => {
      this.#quitAfterwards = this.#isQuitting;
      this.#isQuitting = false;
    });
    window.webContents.on('will-prevent-unload', (event) => {
      if (this.#isForced) event.preventDefault();
    });
  }
}
