import { app, type Session, type WebContents } from 'electron';

/** Asked by the page for copy and paste in the terminal; everything else is refused. */
const permissions = new Set(['clipboard-read', 'clipboard-sanitized-write']);

/** Whether a URL belongs to the app's page. Custom schemes have no origin in Node's URL, so scheme and host are compared. */
export function isPage(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [asked, page] = [new URL(url), new URL(pageUrl)];
  return asked.protocol === page.protocol && asked.host === page.host;
}

/** Keeps every web contents of the app on the app's own page: no navigation, webview, new window or permission beyond it. */
export function guardContents(pageUrl: string, refused: (what: string) => void): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, pageUrl, refused));
}

function guard(contents: WebContents, pageUrl: string, refused: (what: string) => void): void {
  contents.on('will-frame-navigate', (event) => {
    // The page may load itself again, and nothing may load into a frame of it.
    if (event.isMainFrame && isPage(event.url, pageUrl) && new URL(event.url).pathname === new URL(pageUrl).pathname) return;
    event.preventDefault();
    refused('navigation');
  });
  // Chromium asks nobody before it shows about:blank, so the page is loaded again.
  contents.on('did-navigate', (_event, url) => {
    if (isPage(url, pageUrl)) return;
    refused('navigation');
    // `did-fail-load` reports a page that cannot be loaded.
    contents.loadURL(pageUrl).catch(() => {});
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    refused('redirect');
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    refused('webview');
  });
  contents.setWindowOpenHandler(() => {
    refused('new window');
    return { action: 'deny' };
  });
}

/** The port `discard`, where nothing listens (RFC 863). */
const nowhere = '127.0.0.1:9';

/**
 * Leaves pages no way to the network, whatever their policy forgets: their files come by the app's own scheme, everything else from main and the session
 * host over ports. Loopback, where a developer's page comes from, is reached without the proxy.
 */
export function shutNetwork(session: Session): Promise<void> {
  return session.setProxy({ mode: 'fixed_servers', proxyRules: nowhere });
}

/** Refuses what a page may ask of the computer, and downloads other than files the page itself made. */
export function guardSession(session: Session, pageUrl: string, refused: (what: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const allowed = permissions.has(permission) && isPage(requestingUrl, pageUrl);
    if (!allowed) refused(`permission ${permission}`);
    answer(allowed);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => permissions.has(permission) && isPage(origin, pageUrl));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (item.getURL().startsWith('blob:')) return;
    event.preventDefault();
    refused('download');
  });
}
