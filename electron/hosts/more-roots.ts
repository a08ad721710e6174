import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { readPlainFile } from '../lib/read-file.ts';

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Roots beside Node's own: the operating system's store, where this Node can read it (22.15, 23.10 and later), and the file that
 * NODE_EXTRA_CA_CERTS names, which a packaged Electron does not read by itself.
 */
export function moreRoots(env: NodeJS.ProcessEnv, warn: (message: string) => void): string[] {
  const file = env.NODE_EXTRA_CA_CERTS;
  return [...read('the system’s certificates', systemRoots, warn), ...(file ? read(`NODE_EXTRA_CA_CERTS (${file})`, () => rootsIn(file), warn) : [])];
}

const systemRoots = () => (typeof tls.getCACertificates === 'function' ? tls.getCACertificates('system') : []);

/** Room for forty times the roots that operating systems carry; anything longer is no list of certificates. */
const maxRootsBytes = 16 * 1024 * 1024;

function rootsIn(path: string): string[] {
  const bytes = readPlainFile(path, maxRootsBytes);
  if (!bytes) throw new Error('there is no such file');
  const blocks = bytes.toString('utf8').match(pemBlock) ?? [];
  for (const block of blocks) new X509Certificate(block);
  return blocks;
}

/** A source that cannot be read is reported and left out; the others still count. */
function read(what: string, roots: () => string[], warn: (message: string) => void): string[] {
  try {
    return roots();
  } catch (caught) {
    warn(`${what} could not be read: ${caught instanceof Error ? caught.message : String(caught)}`);
    return [];
  }
}
