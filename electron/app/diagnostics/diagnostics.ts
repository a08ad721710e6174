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
    // Electron's BoringSSL lists neither ChaCha20 nor all curve names, yet speaks both in TLS.
    if (missing.some((name) => name !== 'chacha20-poly1305')) throw new Error(`Missing: ${missing.join(', ')}`);
    return missing.length === 0 ? 'All there' : `All there but ${missing.join(', ')}, which servers do not insist on`;
  },
};

/** That a folder can be written to, and by nobody else. */
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
