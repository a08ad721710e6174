import { protocol } from 'electron';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { staticFile } from '../static-files.ts';

const scheme = 'slipway-app';
/** Where the built page lives inside the app. */
export const appPageUrl = `${scheme}://app/index.html`;

/** To be called before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Serves the files below `root` under the app's own scheme, and nothing else. */
export function serveApp(root: string): void {
  protocol.handle(scheme, async ({ method, url }) => {
    const { hostname, pathname } = new URL(url);
    const file = hostname === 'app' && method === 'GET' ? await staticFile(root, pathname) : null;
    if (!file) return new Response('There is no such page.', { status: 404, headers: { 'Content-Type': 'text/plain' } });
    return new Response(file.body, {
      headers: {
        'Content-Type': file.type,
        'Content-Security-Policy': contentSecurityPolicy(),
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-cache',
      },
    });
  });
}
