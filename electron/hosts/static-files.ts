import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  body: Buffer<ArrayBuffer>;
  type: string;
}

/**
 * The file of `root` that a URL's path (percent-encoded, `/` is index.html) names. Null for anything that is not a plain file of
 * a known type inside `root`, links followed.
 */
export async function staticFile(root: string, urlPath: string): Promise<StaticFile | null> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const segments = (path === '/' ? '/index.html' : path).split('/').slice(1);
  if (!path.startsWith('/') || segments.some((segment) => segment === '' || segment.startsWith('.') || /[\\:\0]/.test(segment))) return null;
  const type = types[extname(path === '/' ? 'index.html' : path)];
  if (!type) return null;
  try {
    const [inside, real] = await Promise.all([realpath(root), realpath(join(root, ...segments))]);
    if (!real.startsWith(inside + sep) || !(await stat(real)).isFile()) return null;
    return { body: await readFile(real), type };
  } catch {
    return null;
  }
}
