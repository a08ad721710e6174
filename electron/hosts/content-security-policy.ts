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
    // `connect-src` does not cover WebRTC. Chromium does not know this directive yet; the Electron host blocks WebRTC in another
    // way.
    "webrtc 'block'",
    "frame-ancestors 'none'",
  ].join('; ');
}
