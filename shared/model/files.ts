import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { sshTargetSchema } from './document.ts';

/** A path as its side writes it. Bytes of a remote name that are no UTF-8 stand as U+DC80 to U+DCFF, and go back as they came. */
export const filePathSchema = z.string().max(16_384);

/** Which side a path is on: this computer, or a server by the login of a terminal. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local') }),
  z.object({ kind: z.literal('remote'), target: sshTargetSchema }),
]);
export type Place = z.infer<typeof placeSchema>;

export const fileKindSchema = z.enum(['file', 'folder', 'link', 'other']);
export type FileKind = z.infer<typeof fileKindSchema>;

/** One row of a listing. `name` is as the server sent it: show it escaped, never as markup. */
export const fileEntrySchema = z.object({
  name: z.string(),
  kind: fileKindSchema,
  /** Bytes; 0 for folders. Of the link's target for links, where the server tells. */
  size: z.number(),
  /** Milliseconds since the epoch; null when the side does not tell. */
  modified: z.number().nullable(),
  /** Permission bits, 0 to 0o7777; null when the side does not tell. */
  mode: z.number().int().nullable(),
  /** Names where the side tells them, numbers elsewhere, empty when neither. */
  owner: z.string(),
  group: z.string(),
  /** A link's target text; null for everything else and when it cannot be read. */
  target: z.string().nullable(),
  /** The kind of file that a link leads to; null for everything else, and for broken links. */
  targetKind: fileKindSchema.nullable(),
  /** Why this name cannot be written on this computer or looks like another: a sentence for a tooltip; null for plain names. */
  oddity: z.string().nullable(),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;

export const listFolderSchema = z.object({
  place: placeSchema,
  /** Absolute, or empty for the home folder. */
  path: filePathSchema,
});

/** A listing as it arrives, in the order of the side that lists; the stream ends after `done`. Closing it stops the reading. */
export const listFolderDownSchema = z.discriminatedUnion('type', [
  /** The folder that is listed, absolute. Comes first. */
  z.object({ type: z.literal('folder'), path: filePathSchema }),
  z.object({ type: z.literal('entries'), entries: z.array(fileEntrySchema) }),
  /** `more`: the folder has more entries than are shown. `dropped`: names that cannot be shown (`.`, with a slash, with NUL), counted. */
  z.object({ type: z.literal('done'), more: z.boolean(), dropped: z.number().int() }),
]);
export type ListFolderDown = z.infer<typeof listFolderDownSchema>;

/** The totals below some paths. Links count as one entry each and are not followed. */
export const treeCountSchema = z.object({
  files: z.number().int(),
  folders: z.number().int(),
  links: z.number().int(),
  others: z.number().int(),
  bytes: z.number(),
});
export type TreeCount = z.infer<typeof treeCountSchema>;

export const textFileSchema = z.object({
  text: z.string(),
  size: z.number(),
  /** The file is longer than what is shown. */
  isCut: z.boolean(),
  /** It does not look like text; `text` is empty then. */
  isBinary: z.boolean(),
});

export const conflictPolicies = ['ask', 'skip', 'overwrite', 'rename', 'newer'] as const;
/** The rule for files that already exist. Folders are always merged. `newer`: overwrite when the source changed later. */
export const conflictPolicySchema = z.enum(conflictPolicies);
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>;

export const enqueueTransferSchema = z.object({
  direction: z.enum(['upload', 'download']),
  target: sshTargetSchema,
  /** Absolute paths of files and folders on the sending side, from the same or from different folders. */
  sources: z.array(filePathSchema.min(1)).min(1).max(100_000),
  /** Absolute path of the folder they are put in; it has to be there. */
  folder: filePathSchema.min(1),
  conflicts: conflictPolicySchema.default('ask'),
  /** Puts a single source under this name instead of its own. */
  rename: z.string().min(1).max(1024).nullable().default(null),
});
export type EnqueueTransfer = z.input<typeof enqueueTransferSchema>;

/**
 * `counting`: looking at what there is to do. `asking`: waits for the answer to `question`; other files may go on. `waiting`: the connection was
 * lost, another try follows at `retryAt`. `done` may have left out files: see `skipped` and `problems`.
 */
export const transferStateSchema = z.enum(['queued', 'counting', 'running', 'asking', 'waiting', 'paused', 'done', 'failed', 'cancelled']);
export type TransferState = z.infer<typeof transferStateSchema>;

const versionSchema = z.object({ size: z.number(), modified: z.number().nullable(), kind: fileKindSchema });

export const transferRowSchema = z.object({
  id: z.string(),
  direction: z.enum(['upload', 'download']),
  target: sshTargetSchema,
  /** Name of the first source, and how many sources there are. */
  name: z.string(),
  sources: z.number().int(),
  /** Folder that the sources come from, and the one they are put in. */
  from: z.string(),
  folder: z.string(),
  state: transferStateSchema,
  /** Files, links and empty folders; totals are null until everything was counted. */
  items: z.object({ done: z.number().int(), total: z.number().int().nullable() }),
  bytes: z.object({ done: z.number(), total: z.number().nullable() }),
  /** Bytes per second over the last few seconds; null while nothing moves. */
  speed: z.number().nullable(),
  /** Null when it cannot be told. */
  secondsLeft: z.number().nullable(),
  /** Path of the file that moves, below `from`; empty while none does. */
  current: z.string(),
  /** A file that is there already. `existing.kind` may be a folder, and then only skip and rename are answers. */
  question: z.object({ path: z.string(), source: versionSchema, existing: versionSchema }).nullable(),
  skipped: z.number().int(),
  /** How many items could not be transferred, and the first of them. */
  failures: z.number().int(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).max(20),
  /** Notes for people about the course of a transfer: that it started over after a break and why, or that the server cannot sync. */
  notes: z.array(z.string()).max(10),
  /** Why it failed or waits. `expired` and `session-mfa` want the person: retry after a login. */
  error: errorDataSchema.nullable(),
  retryAt: z.number().nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
});
export type TransferRow = z.infer<typeof transferRowSchema>;

export const transfersSchema = z.object({
  /** By id: a change is a small patch. */
  rows: z.record(z.string(), transferRowSchema),
  /** Ids in the order in which they are started. */
  order: z.array(z.string()),
  /** Bytes over everything since the queue was last idle. `progress` from 0 to 1 for a task bar, never falling; null when nothing runs or nothing is known. */
  totals: z.object({
    active: z.number().int(),
    queued: z.number().int(),
    bytesDone: z.number(),
    bytesTotal: z.number(),
    speed: z.number(),
    secondsLeft: z.number().nullable(),
    progress: z.number().nullable(),
  }),
  /** Transfers at a time per server. */
  perHost: z.number().int(),
  /** A sentence when the saved queue could not be read in full. */
  problem: z.string().nullable(),
});
export type Transfers = z.infer<typeof transfersSchema>;

export const transferActionSchema = z.enum(['pause', 'resume', 'cancel', 'retry', 'remove']);
export type TransferAction = z.infer<typeof transferActionSchema>;

export const conflictAnswerSchema = z.enum(['skip', 'overwrite', 'rename', 'newer']);
export type ConflictAnswer = z.infer<typeof conflictAnswerSchema>;

/**
 * A remote file that is open in a local editor. `conflict`: it changed on the server since it was fetched; `overwrite` saves over that, `discard` drops
 * the local changes and fetches it anew.
 */
export const editedFileSchema = z.object({
  id: z.string(),
  target: sshTargetSchema,
  path: z.string(),
  localPath: z.string(),
  state: z.enum(['fetching', 'open', 'saving', 'conflict', 'failed']),
  savedAt: z.number().nullable(),
  error: errorDataSchema.nullable(),
});
export type EditedFile = z.infer<typeof editedFileSchema>;
export const editedFilesSchema = z.record(z.string(), editedFileSchema);
