import { basename, join } from 'node:path';
import * as z from 'zod';
import { sshTargetSchema } from '../../../../shared/model/document.ts';
import { JsonFile } from '../../../lib/json-file.ts';

const versionSchema = z.object({ size: z.number(), modified: z.number().nullable() });
const keptEditSchema = z.object({
  id: z.uuid(),
  target: sshTargetSchema,
  path: z.string(),
  /** Of the local copy. */
  name: z.string().refine((name) => name !== '' && basename(name) === name && name !== '..' && name !== '.'),
  /** On the server and of the local copy, when they were last in step; null until it was fetched. */
  remote: versionSchema.nullable(),
  local: versionSchema.nullable(),
});
export type KeptEdit = z.infer<typeof keptEditSchema>;

/** The edited files whose copies are in this folder, over restarts of the app. */
export function keptEdits(folder: string): JsonFile<{ edits: KeptEdit[] }> {
  return new JsonFile({
    path: join(folder, 'edits.json'),
    version: 1,
    fallback: () => ({ edits: [] }),
    check: (content) => {
      const { edits } = z.object({ edits: z.array(z.unknown()) }).parse(content);
      return { edits: edits.flatMap((edit) => keptEditSchema.safeParse(edit).data ?? []) };
    },
  });
}
