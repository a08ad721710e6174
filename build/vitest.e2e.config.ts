import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** End-to-end tests: whole apps in real Electron and real Chromium, one after the other. `npm test` builds what they start. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/e2e/**/*.e2e.ts'],
    environment: 'node',
    testTimeout: 120_000,
    // A shared, loaded machine: a test that fails is tried once more there, and only there.
    retry: process.env.CI ? 1 : 0,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
