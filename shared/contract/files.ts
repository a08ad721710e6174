import * as z from 'zod';
import { call, nothing, stream, topic } from '../ipc/define.ts';
import { sshTargetSchema } from '../model/document.ts';
import {
  conflictAnswerSchema,
  editedFilesSchema,
  enqueueTransferSchema,
  fileEntrySchema,
  fileKindSchema,
  filePathSchema,
  listFolderDownSchema,
  listFolderSchema,
  placeSchema,
  textFileSchema,
  transferActionSchema,
  transfersSchema,
  treeCountSchema,
} from '../model/files.ts';

/** Files of both sides, transfers, and copies that are edited here. */
export const filesCalls = {
  /**
   * Turns typed text into an absolute path: empty is the home folder, `~/x` is below it, relative paths are below `base`.
   * `not-found` when there is nothing at the path.
   */
  'files.resolve': call(
    z.object({ place: placeSchema, path: filePathSchema, base: filePathSchema.default('') }),
    z.object({ path: filePathSchema, kind: fileKindSchema }),
  ),
  /** Folders and files whose absolute paths begin with the typed text; folders end in a slash. */
  'files.complete': call(
    z.object({ place: placeSchema, path: filePathSchema, base: filePathSchema.default('') }),
    z.object({ paths: z.array(filePathSchema).max(50) }),
  ),
  /** The entry itself; a link is not followed. */
  'files.stat': call(z.object({ place: placeSchema, path: filePathSchema }), fileEntrySchema),
  /** `conflict` when something of that name exists. */
  'files.make-folder': call(z.object({ place: placeSchema, path: filePathSchema }), nothing),
  /** Also moves within one file system. `conflict` when `to` exists, unless `replace`. */
  'files.rename': call(z.object({ place: placeSchema, from: filePathSchema, to: filePathSchema, replace: z.boolean().default(false) }), nothing),
  'files.count': call(z.object({ place: placeSchema, paths: z.array(filePathSchema).max(100_000) }), treeCountSchema),
  /**
   * Removes files and whole folders. `entries` is the number that the person was shown: files, folders, links and others together.
   * `conflict` when there are more by now.
   */
  'files.delete': call(
    z.object({ place: placeSchema, paths: z.array(filePathSchema).max(100_000), entries: z.number().int() }),
    z.object({ removed: z.number().int() }),
  ),
  'files.change-mode': call(
    z.object({
      place: placeSchema,
      paths: z.array(filePathSchema).max(100_000),
      mode: z.number().int().min(0).max(0o7777),
      recursive: z.boolean().default(false),
    }),
    z.object({ changed: z.number().int() }),
  ),
  'files.read-text': call(
    z.object({
      place: placeSchema,
      path: filePathSchema,
      limit: z
        .number()
        .int()
        .min(1)
        .max(4 * 1024 * 1024)
        .default(1024 * 1024),
    }),
    textFileSchema,
  ),
  /** One transfer of all its sources. Returns when it is in the queue. */
  'transfers.enqueue': call(enqueueTransferSchema, z.object({ id: z.string() })),
  /**
   * `cancel` removes half-written files, `remove` takes finished transfers out of the list. Ids that are gone, or that the action
   * does not fit, are ignored.
   */
  'transfers.act': call(z.object({ ids: z.array(z.string()).max(100_000), action: transferActionSchema }), nothing),
  /** Moves transfers before another one, or to the end. */
  'transfers.move': call(z.object({ ids: z.array(z.string()).max(100_000), before: z.string().nullable() }), nothing),
  /** `forAll` answers for the rest of this transfer too. */
  'transfers.answer': call(z.object({ id: z.string(), answer: conflictAnswerSchema, forAll: z.boolean() }), nothing),
  'transfers.limit': call(z.object({ perHost: z.number().int().min(1).max(8) }), nothing),
  /** Fetches a remote file for a local editor and watches the copy; saving it there saves it on the server. */
  'edits.open': call(z.object({ target: sshTargetSchema, path: filePathSchema }), z.object({ id: z.string(), localPath: z.string() })),
  'edits.settle': call(z.object({ id: z.string(), answer: z.enum(['overwrite', 'discard', 'retry']) }), nothing),
  /** Forgets it and removes the local copy. */
  'edits.close': call(z.object({ id: z.string() }), nothing),
};

export const filesStreams = {
  /** A folder, piece by piece. */
  'files.list': stream(listFolderSchema, nothing, listFolderDownSchema),
  /** Says when entries of a folder of this computer changed, until it is closed. */
  'files.watch': stream(z.object({ path: filePathSchema }), nothing, z.object({ type: z.literal('changed') })),
};

export const filesTopics = {
  transfers: topic(transfersSchema),
  edits: topic(editedFilesSchema),
};
