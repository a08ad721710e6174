import { IconAlertTriangle, IconShieldLock } from '@tabler/icons-react';
import type { ErrorCode, ErrorData } from '../../../../shared/errors/app-error.ts';
import { displayText } from '../../../ui/display-text.ts';
import classes from '../details.module.css';

const wantsSecondFactor: readonly ErrorCode[] = ['second-factor-required', 'second-factor-unsupported', 'session-mfa'];

/** Why the cluster did not do what was asked, in its words. An administrator's action may want a second factor: this is the place for it. */
export function Refusal({ error }: { error: ErrorData | null }) {
  if (!error) return null;
  const secondFactor = wantsSecondFactor.includes(error.code);
  const Icon = secondFactor ? IconShieldLock : IconAlertTriangle;
  return (
    <div className={classes.refusal} role="alert" data-tone={secondFactor ? 'warn' : 'bad'}>
      <Icon size={15} aria-hidden />
      <div>
        {secondFactor && <strong>The cluster wants a second factor for this. </strong>}
        <bdi>{displayText(error.message, 1000)}</bdi>
      </div>
    </div>
  );
}
