import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { useApp } from '../../../state/context.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import { countText } from '../file-words.ts';
import { type FilesController, type FilesDialog, other } from '../files-controller.ts';
import { DialogError } from './dialog-error.tsx';

interface Props {
  controller: FilesController;
  dialog: Extract<FilesDialog, { kind: 'copy-to' }>;
  onClose(): void;
}

/** Asks for the folder on the other side that entries are put in, whatever its pane shows. */
export function CopyToDialog({ controller, dialog: { side, entries }, onClose }: Props) {
  const { main, info, notifications } = useApp();
  const to = other(side);
  const [folder, setFolder] = useState(controller.panes[to].getState().path);
  const { busy, error, run } = useTask();
  const [only] = entries;
  const what = entries.length === 1 && only ? `“${displayText(only.name, 60)}”` : countText(entries.length, 'item');
  const choose = () =>
    main.call('app.choose-folder', { path: folder }).then(
      ({ path }) => path !== null && setFolder(path),
      (caught) => notifications.getState().notifyError('The folder could not be chosen', AppError.from(caught)),
    );
  return (
    <Dialog onClose={onClose} title={`${side === 'remote' ? 'Download' : 'Upload'} ${what} to`} size={520}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (await run((signal) => controller.copyTo(side, entries, folder, signal))) onClose();
        }}
      >
        <Group align="end" gap={8} wrap="nowrap">
          <TextInput
            data-autofocus
            style={{ flex: 1 }}
            label={`Folder on ${to === 'local' ? 'this computer' : displayText(controller.sides[to].label, 60)}`}
            value={folder}
            maxLength={16_384}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setFolder(event.currentTarget.value)}
          />
          {to === 'local' && info.host === 'electron' && (
            <Button variant="default" onClick={() => void choose()}>
              Choose…
            </Button>
          )}
        </Group>
        <DialogError error={error} />
        <Group justify="flex-end" mt="lg" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={folder === ''}>
            {side === 'remote' ? 'Download' : 'Upload'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
