import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const renderer = fileURLToPath(new URL('../renderer', import.meta.url));

/** The page. `--mode gallery` also builds the gallery and the benchmark pages, into a folder that is never packaged. */
export default defineConfig(({ mode }) => ({
  root: renderer,
  base: './',
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL(mode === 'gallery' ? '../out/gallery' : '../out/renderer', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: mode === 'gallery' ? [`${renderer}/gallery.html`] : [`${renderer}/index.html`],
    },
  },
  server: { host: '127.0.0.1', strictPort: false },
}));
