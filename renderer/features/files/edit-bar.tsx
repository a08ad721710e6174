import { Button, CloseButton, Loader, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPencil } from '@tabler/icons-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import type { EditedFile } from '../../../shared/model/files.ts';
import { useApp } from '../../state/context.tsx';
import { confirm } from '../../state/dialogs.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { displayText } from '../../ui/display-text.ts';
import { useFocusHome } from '../../ui/focus/use-focus-home.ts';
import { momentText } from '../../ui/words/time-text.ts';
import { baseName } from './pane/path/paths.ts';
import classes from './transfers.module.css';

/** Files that are open in a local editor, and what became of the last save. `home` gets the focus of a button that goes away with its edit's state. */
export function EditBar({ home }: { home(): HTMLElement | null }) {
  const { transfers } = useApp();
  const byId = useStore(transfers, (state) => state.edits);
  const edits = Object.values(byId);
  const hadFocus = useRef(false);
  useFocusHome(
    () => {
      if (!hadFocus.current) return null;
      hadFocus.current = false;
      return home();
    },
    { cause: byId },
  );
  if (edits.length === 0) return null;
  return (
    <section
      className={classes.edits}
      aria-label="Files open in an editor"
      onFocusCapture={() => {
        hadFocus.current = true;
      }}
      onBlurCapture={({ relatedTarget }) => {
        if (relatedTarget) hadFocus.current = false;
      }}
    >
      {edits.map((edit) => (
        <OneEdit key={edit.id} edit={edit} />
      ))}
    </section>
  );
}

function stateText({ state, savedAt, error }: EditedFile): string {
  switch (state) {
    case 'fetching':
      return 'Fetching…';
    case 'saving':
      return 'Saving on the server…';
    case 'conflict':
      return 'It changed on the server since you opened it. Nothing was saved over that.';
    case 'failed':
      return error?.message ?? 'It could not be saved.';
    case 'open':
      return savedAt === null
        ? 'Open in your editor. Saving there saves on the server.'
        : `Saved on the server at ${momentText(savedAt, Date.now())}`;
  }
}

function OneEdit({ edit }: { edit: EditedFile }) {
  const app = useApp();
  const { notifyError } = app.notifications.getState();
  const settle = (answer: 'overwrite' | 'discard' | 'retry') =>
    app
      .sessionHost()
      .call('edits.settle', { id: edit.id, answer })
      .catch((caught) => notifyError('That did not work', caught));
  const { state, path, localPath, target } = edit;
  const name = displayText(baseName('posix', path), 100);
  const bad = state === 'conflict' || state === 'failed';
  const close = async () => {
    const agreed =
      !bad ||
      (await confirm(app.dialogs, {
        title: `Stop editing ${name}?`,
        text: 'What you saved last is only in the local copy, and that is removed.',
        action: 'Remove my copy',
        danger: true,
      }));
    if (!agreed) return;
    await app
      .sessionHost()
      .call('edits.close', { id: edit.id })
      .catch((caught) => notifyError('The copy could not be removed', caught));
  };
  const small = { size: 'compact-xs', variant: 'default' } as const;
  return (
    <div className={classes.edit}>
      {state === 'fetching' || state === 'saving' ? (
        <Loader size={13} />
      ) : bad ? (
        <IconAlertTriangle size={14} color="var(--sw-bad)" aria-hidden />
      ) : edit.savedAt !== null ? (
        <IconCheck size={14} color="var(--sw-ok)" aria-hidden />
      ) : (
        <IconPencil size={14} aria-hidden />
      )}
      <bdi className={classes.editName} title={`${displayText(path, 400)} on ${displayText(target.hostname, 80)}\n${displayText(localPath, 400)}`}>
        {name}
      </bdi>
      <bdi className={classes.editState} data-bad={bad || undefined} role={bad ? 'alert' : 'status'}>
        <VisuallyHidden component="span">{name}: </VisuallyHidden>
        {displayText(stateText(edit), 400)}
      </bdi>
      {state === 'conflict' && (
        <>
          <Button {...small} onClick={() => void settle('overwrite')}>
            Save mine over it
          </Button>
          <Button {...small} onClick={() => void settle('discard')}>
            Drop mine, fetch it anew
          </Button>
        </>
      )}
      {state === 'failed' && (
        <Button {...small} onClick={() => void settle('retry')}>
          Try again
        </Button>
      )}
      <CopyButton text={localPath} label="Copy the path of the local copy" />
      <CloseButton size="sm" aria-label={`Stop editing ${name}`} title="Stop editing; the local copy is removed" onClick={() => void close()} />
    </div>
  );
}
