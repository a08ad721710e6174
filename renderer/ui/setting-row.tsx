import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import rows from './setting-rows.module.css';

interface Props {
  /** Ties the label to the control. */
  id: string;
  label: string;
  help?: ReactNode;
  /** Why it cannot be changed; empty when it can be. */
  locked?: string;
  children: ReactNode;
}

/** One setting: its name and what it does on the left, its control on the right; why it cannot be changed below. */
export function SettingRow({ id, label, help, locked = '', children }: Props) {
  return (
    <div className={rows.row}>
      <div className={rows.words}>
        <label className={rows.label} htmlFor={id}>
          {label}
        </label>
        {help && (
          <div className={rows.help} id={`${id}-help`}>
            {help}
          </div>
        )}
        {locked !== '' && (
          <div className={rows.note}>
            <IconLock size={13} aria-hidden /> {locked}
          </div>
        )}
      </div>
      <div className={rows.control}>{children}</div>
    </div>
  );
}
