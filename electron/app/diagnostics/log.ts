import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import type { ServerLog } from '../../../shared/ipc/server.ts';
import type { LogNames } from './log-names.ts';
import { redact, redactText } from './redact.ts';
import { RotatingFile } from './rotating-file.ts';

export type Log = Logger;

export interface LogOptions {
  folder: string;
  /** Name of the file without `.log`: the process that writes. */
  name: 'main' | 'session';
  level?: string | undefined;
  /** Hidden in every line, from the moment they are set. */
  names: LogNames;
}

/** The log of one process: JSON lines in `<folder>/<name>.log`, at most 12 MB with its older parts, with secrets and names hidden. */
export function openLog({ folder, name, level = 'info', names }: LogOptions): Log {
  const text = (given: string) => names.hide(redactText(given));
  const file = new RotatingFile({ path: join(folder, `${name}.log`) });
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields, text) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          // pino would use the error's own message as the message of the line; the redacted one is given instead.
          const [first, message = first instanceof Error ? first.message : messageOf(first)]: unknown[] = args;
          const plain = typeof first === 'string' ? [text(first)] : [first, text(String(message))];
          method.apply(this, plain as Parameters<typeof method>);
        },
      },
    },
    file,
  );
}

const messageOf = (fields: unknown) =>
  typeof fields === 'object' && fields !== null && 'err' in fields && fields.err instanceof Error ? fields.err.message : '';

/** Where a served contract notes what it refused and what failed unexpectedly. */
export function serverLog(log: Log): ServerLog {
  return {
    refused: (what, reason) => log.warn({ what, reason }, 'refused a message'),
    failed: (what, error) => log.error({ what, err: error }, 'failed unexpectedly'),
  };
}
