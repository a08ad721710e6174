import { AppError } from '../../shared/errors/app-error.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { TicketContract } from '../host-contract/ticket.ts';
import { type BackgroundReporter, type BackgroundWork, failureWords, isFailure } from '../lib/background.ts';

/** Reports work in the background to main, which keeps the counts and the log for both processes. */
export function backgroundReports(tickets: Pick<Client<TicketContract>, 'call'>): BackgroundReporter {
  const failing = new Set<string>();
  const tell = (work: BackgroundWork, error: AppError | null) =>
    void tickets.call('background.report', { ...work, error: error && { code: error.code, message: failureWords(error) } }).catch(() => {}); // main has gone, and nobody else counts
  return {
    failed(work, caught) {
      if (!isFailure(caught)) return;
      failing.add(JSON.stringify(work));
      tell(work, AppError.from(caught));
    },
    worked(work) {
      // Successes are reported only after a failure: most work succeeds all the time.
      if (failing.delete(JSON.stringify(work))) tell(work, null);
    },
  };
}
