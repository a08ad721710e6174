import type { ErrorData } from '../../../../shared/errors/app-error.ts';
import { portSchema } from '../../../../shared/model/gateway.ts';

/** The free port that comes with "the port is taken"; null for other errors. */
export function suggestedPort(error: Pick<ErrorData, 'code' | 'details'> | null): number | null {
  const suggestion = portSchema.safeParse(error?.code === 'conflict' ? error.details?.suggestion : undefined);
  return suggestion.success ? suggestion.data : null;
}

/** A port as typed; null when it is none. */
export function parsePort(text: string): number | null {
  const port = portSchema.safeParse(/^\s*\d{1,5}\s*$/.test(text) ? Number(text) : undefined);
  return port.success ? port.data : null;
}
