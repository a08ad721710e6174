/*
 * Diagnostics: what helps to find out why Slipway does not work on a computer. `runDiagnostics` runs the steps of the page's
 * self-test; `BackgroundLog` counts failures of work that nobody waits for; `openLog` writes the log, in which `redact` and
 * `LogNames` hide secrets and names, since people send logs to others.
 */
import { getCiphers, getCurves } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { accessOfOthers } from '../../lib/data-folder.ts';
import { within } from '../../lib/deadline.ts';

/** One thing that must hold for Slipway to work here. `run` returns what it found, or throws. */
export interface DiagnosticStep {
  name: string;
  run(): Promise<string> | string;
}

export interface DiagnosticResult {
  name: string;
  ok: boolean;
  detail: string;
}

/** A person looks at the page while the steps run; a disk that answers nothing in ten seconds is a finding of its own. */
const stepTimeoutMs = 10_000;

/** Runs the steps side by side; one that throws or takes longer than ten seconds has failed. */
export function runDiagnostics(steps: readonly DiagnosticStep[]): Promise<DiagnosticResult[]> {
  return Promise.all(
    steps.map(async ({ name, run }) => {
      const late = () => new AppError('timeout', 'It did not finish within ten seconds.');
      try {
        return { name, ok: true, detail: await within(Promise.resolve().then(run), stepTimeoutMs, late) };
      } catch (caught) {
        return { name, ok: false, detail: caught instanceof Error ? caught.message : 'It failed.' };
      }
    }),
  );
}

/** Ciphers and curves that clusters' TLS and SSH use (ssh-and-gateways §1); a runtime without one of them cannot talk to some cluster. */
export const cryptoStep: DiagnosticStep = {
  name: 'Ciphers and curves',
  run: () => {
    const ciphers = ['aes-128-gcm', 'aes-256-gcm', 'aes-256-ctr', 'chacha20-poly1305'].filter((name) => !getCiphers().includes(name));
    const curves = ['prime256v1', 'secp384r1'].filter((name) => !getCurves().includes(name));
    const missing = [...ciphers, ...curves];
    // BoringSSL in Electron does not list ChaCha20 and some curves although it speaks them in TLS, so these do not count as
    // missing.
    if (missing.some((name) => name !== 'chacha20-poly1305')) throw new Error(`Missing: ${missing.join(', ')}`);
    return missing.length === 0 ? 'All there' : `All there but ${missing.join(', ')}, which servers do not insist on`;
  },
};

/** A step that checks that a folder can be written to, and by nobody else. */
export function folderStep(name: string, folder: string): DiagnosticStep {
  return {
    name,
    run: async () => {
      await access(folder, constants.W_OK | constants.R_OK);
      const warning = process.platform === 'win32' ? null : accessOfOthers(folder, await stat(folder));
      if (warning) throw new Error(warning);
      return folder;
    },
  };
}
