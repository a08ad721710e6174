import type { AppState } from '../state/app-state.ts';

/** Opens a web address in the person's browser; in the browser host, in a tab that cannot reach this page. */
export async function openLink(app: AppState, url: string): Promise<void> {
  try {
    if (app.info.host === 'electron') await app.main.call('app.open-link', { url });
    else if (/^https?:$/.test(new URL(url).protocol)) window.open(url, '_blank', 'noopener,noreferrer');
  } catch (caught) {
    app.notifications.getState().notifyError('The link could not be opened', caught);
  }
}
