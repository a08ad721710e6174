import { Button, Checkbox, Group } from '@mantine/core';
import { useState } from 'react';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConflictAnswer, TransferRow } from '../../../../shared/model/files.ts';
import { useApp } from '../../../state/context.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { sizeText } from '../../../ui/words/size-text.ts';
import { exactTimeText } from '../../../ui/words/time-text.ts';
import { DialogError } from '../dialogs/dialog-error.tsx';
import classes from '../dialogs.module.css';

type Version = NonNullable<TransferRow['question']>['source'];

/** As servers keep it. */
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
const versionText = ({ kind, size, modified }: Version, other: Version) => {
  const isNewer = modified !== null && other.modified !== null && seconds(modified) > seconds(other.modified);
  return kind === 'folder' ? 'a folder' : `${sizeText(size)}, ${exactTimeText(modified)}${isNewer ? ' (newer)' : ''}`;
};

/** A file is there already. The question is put away by `onLater`; its transfer goes on waiting. */
export function ConflictDialog({ row, more, onLater }: { row: TransferRow; more: number; onLater(): void }) {
  const app = useApp();
  const [forAll, setForAll] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { question } = row;
  if (!question) return null;
  const overFolder = question.existing.kind === 'folder';
  const place = row.direction === 'upload' ? 'the server' : 'this computer';
  const answer = (given: ConflictAnswer) =>
    app
      .sessionHost()
      .call('transfers.answer', { id: row.id, answer: given, forAll })
      .catch((caught) => setError(AppError.from(caught)));
  return (
    <Dialog onClose={onLater} title={`${overFolder ? 'A folder' : 'A file'} of this name is on ${place} already`} size={520}>
      <bdi className={classes.path}>{displayText(question.path, 300)}</bdi>
      <dl className={classes.versions}>
        <dt>There now</dt>
        <dd>{versionText(question.existing, question.source)}</dd>
        <dt>To be put there</dt>
        <dd>{versionText(question.source, question.existing)}</dd>
      </dl>
      {overFolder && <p className={classes.text}>A folder is never replaced by a file.</p>}
      <Checkbox
        size="xs"
        mb="sm"
        label="Do the same for all others of this transfer"
        checked={forAll}
        onChange={(event) => setForAll(event.currentTarget.checked)}
      />
      <DialogError error={error} />
      {more > 0 && <p className={classes.text}>{more === 1 ? 'Another transfer asks' : `${more} more transfers ask`} after this.</p>}
      <Group justify="flex-end" mt="lg" gap={8}>
        <Button variant="default" data-autofocus onClick={() => void answer('skip')}>
          Skip
        </Button>
        <Button variant="default" onClick={() => void answer('rename')}>
          Keep both
        </Button>
        {!overFolder && (
          <>
            <Button variant="default" onClick={() => void answer('newer')}>
              Overwrite if newer
            </Button>
            <Button color="red.8" onClick={() => void answer('overwrite')}>
              Overwrite
            </Button>
          </>
        )}
      </Group>
    </Dialog>
  );
}
