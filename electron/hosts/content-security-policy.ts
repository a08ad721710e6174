/** The page's policy: its own files and nothing else. `connect` names further places it may open connections to. */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The component library and xterm set styles from script.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    // `connect-src` does not govern it. Chromium 156 does not know this directive yet either; the Electron host shuts the network otherwise.
    "webrtc 'block'",
    "frame-ancestors 'none'",
  ].join('; ');
}
