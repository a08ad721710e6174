import type { MainContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';

/** Resolves once no question about usage events is open: they come before anything that Slipway itself would ask at a start. */
export function questionsAnswered(main: Client<MainContract>): Promise<void> {
  return new Promise((resolve) => {
    const stop = main.subscribe('telemetry', ({ ask }) => {
      if (ask !== null) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
