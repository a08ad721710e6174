import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../../ui/dialog.tsx';
import { useTask } from '../../../ui/use-task.ts';
import classes from '../dialogs.module.css';
import { namesText, octalText } from '../file-words.ts';
import type { FilesController, FilesDialog } from '../files-controller.ts';
import { isFolder } from '../pane/list/row-order.ts';
import { joinPath } from '../pane/path/paths.ts';
import { DialogError } from './dialog-error.tsx';

const people = [
  { name: 'Owner', shift: 6 },
  { name: 'Group', shift: 3 },
  { name: 'Others', shift: 0 },
] as const;
const rights = [
  { name: 'Read', bit: 4 },
  { name: 'Write', bit: 2 },
  { name: 'Execute', bit: 1 },
] as const;
const specials = [
  { name: 'Runs as its owner (setuid)', bit: 0o4000 },
  { name: 'Runs as its group (setgid)', bit: 0o2000 },
  { name: 'Only owners delete in it (sticky)', bit: 0o1000 },
] as const;

interface Props {
  controller: FilesController;
  dialog: Extract<FilesDialog, { kind: 'mode' }>;
  onClose(): void;
}

/** Permissions as boxes to tick, and as the number they make. */
export function ModeDialog({ controller, dialog, onClose }: Props) {
  const side = controller.sides[dialog.side];
  const pane = controller.panes[dialog.side];
  const { entries, folder } = dialog;
  const [text, setText] = useState(octalText(entries[0]?.mode ?? 0o644));
  const [recursive, setRecursive] = useState(false);
  const { busy, error, run } = useTask();
  const valid = /^[0-7]{3,4}$/.test(text);
  const mode = valid ? Number.parseInt(text, 8) : 0;
  const differ = entries.some((entry) => entry.mode !== entries[0]?.mode);
  const apply = async () => {
    const paths = entries.map(({ name }) => joinPath(side.style, folder, name));
    const done = await run((signal) => side.call('files.change-mode', (place) => ({ place, paths, mode, recursive }), signal));
    if (pane.getState().path === folder) void pane.refresh();
    if (done) onClose();
  };
  const what = namesText(entries.map(({ name }) => name));
  return (
    <Dialog onClose={onClose} title={`Permissions of ${what}`} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void apply();
        }}
      >
        {differ && <p className={classes.text}>They differ now; all will get the same.</p>}
        <ModeBoxes mode={mode} disabled={!valid} onToggle={(bit) => setText(octalText(mode ^ bit))} />
        <TextInput
          data-autofocus
          label="As a number"
          w={140}
          value={text}
          maxLength={4}
          error={valid ? undefined : 'Three or four digits from 0 to 7'}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {entries.some(isFolder) && (
          <Checkbox
            mt="sm"
            size="xs"
            label="Also everything inside the folders"
            checked={recursive}
            onChange={(event) => setRecursive(event.currentTarget.checked)}
          />
        )}
        <DialogError error={error} />
        <Group justify="flex-end" mt="lg" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!valid}>
            Set permissions
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

interface BoxesProps {
  mode: number;
  disabled: boolean;
  onToggle(bit: number): void;
}

/** A box for each bit of a mode. */
function ModeBoxes({ mode, disabled, onToggle }: BoxesProps) {
  return (
    <>
      <table className={classes.modes} aria-label="Who may do what">
        <thead>
          <tr>
            <td />
            {rights.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((who) => (
            <tr key={who.name}>
              <th scope="row">{who.name}</th>
              {rights.map((right) => (
                <td key={right.name}>
                  <Checkbox
                    size="xs"
                    aria-label={`${who.name}: ${right.name.toLowerCase()}`}
                    checked={(mode & (right.bit << who.shift)) !== 0}
                    disabled={disabled}
                    onChange={() => onToggle(right.bit << who.shift)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.specials}>
        {specials.map(({ name, bit }) => (
          <Checkbox key={bit} size="xs" label={name} checked={(mode & bit) !== 0} disabled={disabled} onChange={() => onToggle(bit)} />
        ))}
      </div>
    </>
  );
}
