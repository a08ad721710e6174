import type { AppError } from '../../../../shared/errors/app-error.ts';
import { displayText } from '../../../ui/display-text.ts';
import classes from '../dialogs.module.css';

/** What went wrong in a dialog, in its place. */
export function DialogError({ error }: { error: AppError | null }) {
  if (!error) return null;
  return (
    <p className={classes.error} role="alert">
      <bdi>{displayText(error.message, 1000)}</bdi>
    </p>
  );
}
