import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['{shared,electron,renderer,build,test/cluster,test/support}/**/*.test.{ts,tsx}'],
    globalSetup: ['build/vitest.setup.ts'],
    environment: 'node',
    testTimeout: 40_000,
    // A shared, loaded machine: a test that fails is tried once more there, and only there.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    // One more than the smallest machine has cores: many tests wait for servers and programs.
    maxWorkers: 3,
  },
});
