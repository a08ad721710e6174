import { Button, Group, Loader } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { TreeCount } from '../../../../shared/model/files.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { useTask } from '../../../ui/use-task.ts';
import classes from '../dialogs.module.css';
import { countText, namesText, treeEntries, treeText } from '../file-words.ts';
import type { FilesController, FilesDialog } from '../files-controller.ts';
import { joinPath } from '../pane/path/paths.ts';
import { DialogError } from './dialog-error.tsx';

const namesShown = 5;

interface Props {
  controller: FilesController;
  dialog: Extract<FilesDialog, { kind: 'delete' }>;
  onClose(): void;
}

/** Counts what would go, says it, and removes no more than that. */
export function DeleteDialog({ controller, dialog, onClose }: Props) {
  const side = controller.sides[dialog.side];
  const pane = controller.panes[dialog.side];
  const { entries, folder } = dialog;
  const [paths] = useState(() => entries.map(({ name }) => joinPath(side.style, folder, name)));
  const [count, setCount] = useState<TreeCount | null>(null);
  const counting = useTask();
  const deleting = useTask();
  const { run: runCount } = counting;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` does the same each time
  const recount = useCallback(() => {
    setCount(null);
    void runCount(async (signal) => setCount(await side.call('files.count', (place) => ({ place, paths }), signal)));
  }, [side, paths]);
  useEffect(recount, [recount]);
  const remove = async () => {
    if (!count) return;
    const done = await deleting.run((signal) => side.call('files.delete', (place) => ({ place, paths, entries: treeEntries(count) }), signal));
    if (pane.getState().path === folder) void pane.refresh();
    if (done) onClose();
  };
  const grew = deleting.error?.code === 'conflict';
  const title = `Delete ${namesText(entries.map(({ name }) => name))}?`;
  return (
    <Dialog onClose={onClose} title={title} size={460}>
      {entries.length > 1 && (
        <ul className={classes.names}>
          {entries.slice(0, namesShown).map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a server may send equal names
            <li key={index}>
              <Untrusted text={entry.name} />
            </li>
          ))}
          {entries.length > namesShown && <li>and {entries.length - namesShown} more</li>}
        </ul>
      )}
      <p className={classes.text} role="status">
        {count ? (
          <>
            {treeText(count)} on <bdi>{displayText(side.label, 80)}</bdi> will be gone for good. Links are removed, not what they lead to.
          </>
        ) : counting.error ? null : (
          <>
            <Loader size={12} /> Counting what would be deleted…
          </>
        )}
      </p>
      <DialogError error={counting.error ?? deleting.error} />
      <Group justify="flex-end" mt="lg" gap={8}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        {counting.error || grew ? (
          <Button
            onClick={() => {
              void deleting.run(async () => {});
              recount();
            }}
          >
            Count again
          </Button>
        ) : (
          <Button color="red.8" disabled={!count} loading={deleting.busy} onClick={() => void remove()}>
            Delete {count ? countText(treeEntries(count), 'item') : ''}
          </Button>
        )}
      </Group>
    </Dialog>
  );
}
