import { join } from 'node:path';
import * as z from 'zod';
import { conflictPolicySchema, enqueueTransferSchema, transferRowSchema, transferStateSchema } from '../../../../shared/model/files.ts';
import { JsonFile } from '../../../lib/json-file.ts';
import type { SavedTransfer } from './transfer.ts';

/** Finished transfers that stay in the list. */
export const mostFinished = 1000;
/** A thousand transfers of a hundred thousand sources would not be written by this app. */
const longestQueueFile = 256 * 1024 * 1024;

const savedSchema = z.object({
  id: z.string(),
  spec: enqueueTransferSchema,
  state: transferStateSchema,
  policy: conflictPolicySchema,
  isAgain: z.boolean(),
  deaths: z.number().int().min(0).catch(0),
  parts: z.record(
    z.string(),
    z.object({ size: z.number(), modified: z.number().nullable(), prefix: z.number().min(0), isInPlace: z.boolean().optional() }),
  ),
  row: transferRowSchema.pick({
    items: true,
    bytes: true,
    skipped: true,
    failures: true,
    problems: true,
    notes: true,
    error: true,
    createdAt: true,
    startedAt: true,
    finishedAt: true,
  }),
});
const queueSchema = z.object({
  perHost: z.number().int().min(1).max(8).catch(2),
  transfers: z.array(z.unknown()),
  strange: z.array(z.unknown()).catch([]),
});

/** The queue as it is kept over a restart. */
export interface SavedQueue {
  perHost: number;
  transfers: SavedTransfer[];
  /** Transfers that another version of the app wrote and this one does not understand: they stay in the file. */
  strange?: unknown[];
}

/** `transfers.json` in the data folder. */
export function queueFile(folder: string): JsonFile<SavedQueue> {
  return new JsonFile<SavedQueue>({
    path: join(folder, 'transfers.json'),
    version: 1,
    maxBytes: longestQueueFile,
    fallback: () => ({ perHost: 2, transfers: [] }),
    check: (content) => {
      const { perHost, transfers, strange } = queueSchema.parse(content);
      const value: Required<SavedQueue> = { perHost, transfers: [], strange: [] };
      for (const saved of [...transfers, ...strange]) {
        const { data } = savedSchema.safeParse(saved);
        if (data) value.transfers.push(data);
        else if (value.strange.length < mostFinished) value.strange.push(saved);
      }
      return value;
    },
  });
}
