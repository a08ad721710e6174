import { keepPreloadPorts } from './shell/preload-ports.ts';

keepPreloadPorts();

/** The static frame of index.html is painted before any of the app is loaded. A window that is not painted does not wait for that. */
function afterFirstPaint(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
    requestAnimationFrame(() => setTimeout(resolve, 0));
  });
}

await afterFirstPaint();
const { boot } = await import('./shell/boot.tsx');
await boot(document.getElementById('root')!);
