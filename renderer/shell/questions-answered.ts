import type { MainContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';

/** Resolves once no question about usage events is open, since these come before anything else that Slipway asks at a start. */
export function questionsAnswered(main: Client<MainContract>): Promise<void> {
  return new Promise((resolve) => {
    const stop = main.subscribe('telemetry', ({ ask }) => {
      if (ask !== null) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
