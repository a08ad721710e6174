import { Button, Group, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import type * as z from 'zod';
import type { textFileSchema } from '../../../../shared/model/files.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import { sizeText } from '../../../ui/words/size-text.ts';
import classes from '../dialogs.module.css';
import type { FilesController, FilesDialog } from '../files-controller.ts';
import { joinPath } from '../pane/path/paths.ts';
import { DialogError } from './dialog-error.tsx';

interface Props {
  controller: FilesController;
  dialog: Extract<FilesDialog, { kind: 'text' }>;
  onClose(): void;
}

/** Marks that turn or hide text, shown as what they are; lines and tabs stay. */
const readable = (text: string) =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');

/** The beginning of a file as text, to look at. */
export function TextDialog({ controller, dialog, onClose }: Props) {
  const side = controller.sides[dialog.side];
  const { entry, folder } = dialog;
  const [file, setFile] = useState<z.infer<typeof textFileSchema> | null>(null);
  const { error, run } = useTask();
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once
  useEffect(() => {
    void run(async (signal) =>
      setFile(await side.call('files.read-text', (place) => ({ place, path: joinPath(side.style, folder, entry.name) }), signal)),
    );
  }, []);
  return (
    <Dialog onClose={onClose} title={displayText(entry.name, 80)} size="min(900px, 92vw)">
      {error ? (
        <DialogError error={error} />
      ) : !file ? (
        <div className={classes.reading}>
          <Loader size={18} aria-label="Reading the file" />
        </div>
      ) : file.isBinary ? (
        <p className={classes.text}>
          This file is no text ({sizeText(file.size)}). {dialog.side === 'remote' ? 'Download it to open it with another program.' : ''}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: to scroll it by keyboard
        <pre className={classes.pre} tabIndex={0} dir="auto">
          {file.text === '' ? 'The file is empty.' : readable(file.text)}
        </pre>
      )}
      {file?.isCut && (
        <p className={classes.text} role="status">
          Only the beginning is shown; the file has {sizeText(file.size)}.
        </p>
      )}
      <Group justify="flex-end" mt="md" gap={8}>
        {dialog.side === 'remote' && file && (
          <Button
            variant="default"
            onClick={() => {
              onClose();
              void controller.edit(entry);
            }}
          >
            Edit on this computer
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Dialog>
  );
}
