import * as z from 'zod';
import { sshTargetSchema } from '../../shared/model/document.ts';

const draggedSchema = z.object({
  /** The server they are on; null for this computer. */
  target: sshTargetSchema.nullable(),
  paths: z.array(z.string().min(1)).min(1).max(100_000),
});

/** Files that are dragged inside the window. */
export type DraggedFiles = z.infer<typeof draggedSchema>;

/** Where dragged files come from: this computer's pane, a server's pane, or another program. */
export type DragOrigin = 'local' | 'remote' | 'system';

const typeOf = { local: 'application/x-slipway-local', remote: 'application/x-slipway-remote' } as const;

export function putFiles(transfer: DataTransfer, dragged: DraggedFiles): void {
  transfer.setData(dragged.target ? typeOf.remote : typeOf.local, JSON.stringify(dragged));
  transfer.effectAllowed = 'copyMove';
}

/** The origin of what is held over the page; null when it is no file. */
export function heldFiles({ types }: Pick<DataTransfer, 'types'>): DragOrigin | null {
  if (types.includes(typeOf.local)) return 'local';
  if (types.includes(typeOf.remote)) return 'remote';
  return types.includes('Files') ? 'system' : null;
}

/** What was dropped, if it was dragged inside a Slipway window. */
export function takeFiles(transfer: DataTransfer): DraggedFiles | null {
  const text = transfer.getData(typeOf.local) || transfer.getData(typeOf.remote);
  if (text === '') return null;
  try {
    return draggedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
