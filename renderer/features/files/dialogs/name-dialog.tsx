import { Button, Group, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import type { FilesController, FilesDialog } from '../files-controller.ts';
import { joinPath } from '../pane/path/paths.ts';
import { DialogError } from './dialog-error.tsx';

interface Props {
  controller: FilesController;
  dialog: Extract<FilesDialog, { kind: 'new-folder' | 'rename' }>;
  onClose(): void;
}

const badNames = { posix: /^\.{1,2}$|[/\0]/, windows: /^\.{1,2}$|[<>:"/\\|?*\0-\x1f]|[. ]$/ } as const;

/** Asks for a name: of a new folder, or a new one of an entry. */
export function NameDialog({ controller, dialog, onClose }: Props) {
  const side = controller.sides[dialog.side];
  const pane = controller.panes[dialog.side];
  const old = dialog.kind === 'rename' ? dialog.entry.name : '';
  const [name, setName] = useState(old);
  const [sent, setSent] = useState('');
  const { busy, error, run } = useTask();
  const selected = useRef(false);
  /** The name without its ending, once: a new name is typed over it. */
  const selectName = (input: HTMLInputElement) => {
    const dot = old.lastIndexOf('.');
    if (!selected.current) input.setSelectionRange(0, dot > 0 ? dot : old.length);
    selected.current = true;
  };
  const tooLong = side.style === 'posix' && new TextEncoder().encode(name).length > 255;
  const impossible = tooLong || badNames[side.style].test(name);
  const replaces = error?.code === 'conflict' && dialog.kind === 'rename' && sent === name;
  const to = joinPath(side.style, dialog.folder, name);
  const submit = async (replace: boolean) => {
    if (name === '' || impossible) return;
    if (name === old) return onClose();
    setSent(name);
    const done = await run((signal) =>
      dialog.kind === 'rename'
        ? side.call('files.rename', (place) => ({ place, from: joinPath(side.style, dialog.folder, old), to, replace }), signal)
        : side.call('files.make-folder', (place) => ({ place, path: to }), signal),
    );
    if (!done) return;
    onClose();
    if (pane.getState().path === dialog.folder) void pane.refresh(name);
  };
  return (
    <Dialog onClose={onClose} title={dialog.kind === 'rename' ? `Rename “${displayText(old, 60)}”` : 'New folder'} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(false);
        }}
      >
        <TextInput
          data-autofocus
          label="Name"
          value={name}
          maxLength={1024}
          spellCheck={false}
          autoComplete="off"
          error={tooLong ? 'A name has at most 255 bytes.' : impossible ? `A name on ${displayText(side.label, 60)} cannot be this.` : undefined}
          onFocus={(event) => selectName(event.currentTarget)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <DialogError error={error} />
        <Group justify="flex-end" mt="lg" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {replaces && (
            <Button color="red.8" loading={busy} onClick={() => void submit(true)}>
              Replace it
            </Button>
          )}
          <Button type="submit" loading={busy} disabled={name === '' || impossible}>
            {dialog.kind === 'rename' ? 'Rename' : 'Create'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
