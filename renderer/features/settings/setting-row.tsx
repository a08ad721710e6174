import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './settings.module.css';

interface Props {
  /** Ties the label to the control. */
  id: string;
  label: string;
  help?: ReactNode;
  managed: boolean;
  children: ReactNode;
}

/** One setting: its name and what it does on the left, its control on the right; why it cannot be changed below. */
export function SettingRow({ id, label, help, managed, children }: Props) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <label className={classes.label} htmlFor={id}>
          {label}
        </label>
        {help && (
          <div className={classes.help} id={`${id}-help`}>
            {help}
          </div>
        )}
        {managed && (
          <div className={classes.managed}>
            <IconLock size={13} aria-hidden /> Set by your administrator. It cannot be changed here.
          </div>
        )}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}
