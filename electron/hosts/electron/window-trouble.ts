import { type BrowserWindow, dialog } from 'electron';

/** Asks the person when a page crashes or hangs, and logs it. */
export function watchTrouble(window: BrowserWindow, note: (what: string, detail: string) => void): void {
  const { webContents } = window;
  const ask = (message: string, detail: string, buttons: [string, string]) =>
    dialog
      .showMessageBox(window, { type: 'warning', message, detail, buttons, defaultId: 0, cancelId: 0, noLink: true })
      .then(({ response }) => response);

  webContents.on('render-process-gone', async (_event, { reason, exitCode }) => {
    note('the page ended', `${reason}, code ${exitCode}`);
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const answer = await ask(
      'Slipway’s window has crashed.',
      'Your logins and settings are safe. Open terminals go on if you load it again within half a minute.',
      ['Load it again', 'Quit'],
    );
    if (window.isDestroyed()) return;
    if (answer === 0) webContents.reload();
    else window.destroy();
  });
  let asking = false;
  webContents.on('unresponsive', async () => {
    note('the page', 'does not answer');
    if (asking) return;
    asking = true;
    const answer = await ask('Slipway’s window does not answer.', 'It may be busy. Loading it again keeps its open terminals.', [
      'Wait',
      'Load it again',
    ]);
    asking = false;
    if (answer === 1 && !window.isDestroyed()) webContents.forcefullyCrashRenderer();
  });
  webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame) note('the page could not be loaded', `${description} (${code})`);
  });
  webContents.on('preload-error', (_event, _path, error) => note('the preload script failed', error.message));
}
