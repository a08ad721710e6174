import { IconAlertCircle } from '@tabler/icons-react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import { displayText } from '../../ui/display-text.ts';
import classes from './login.module.css';

/** Why a step failed, above its form. */
export function ErrorText({ error }: { error: ErrorData | null }) {
  if (!error) return null;
  return (
    <div className={classes.error} role="alert">
      <IconAlertCircle size={16} aria-hidden />
      <bdi>{displayText(error.message, 1000)}</bdi>
    </div>
  );
}
