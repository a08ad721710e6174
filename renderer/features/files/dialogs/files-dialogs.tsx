import type { FilesController, FilesDialog } from '../files-controller.ts';
import { CopyToDialog } from './copy-to-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ModeDialog } from './mode-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { TextDialog } from './text-dialog.tsx';

/** The dialog that an operation opened. */
export function FilesDialogs({ controller, dialog, onClose }: { controller: FilesController; dialog: FilesDialog; onClose(): void }) {
  switch (dialog.kind) {
    case 'new-folder':
    case 'rename':
      return <NameDialog controller={controller} dialog={dialog} onClose={onClose} />;
    case 'copy-to':
      return <CopyToDialog controller={controller} dialog={dialog} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog controller={controller} dialog={dialog} onClose={onClose} />;
    case 'mode':
      return <ModeDialog controller={controller} dialog={dialog} onClose={onClose} />;
    case 'text':
      return <TextDialog controller={controller} dialog={dialog} onClose={onClose} />;
  }
}
