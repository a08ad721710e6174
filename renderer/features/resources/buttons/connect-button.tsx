import { IconChevronDown } from '@tabler/icons-react';
import type { Resource } from '../../../../shared/model/resource.ts';
import { displayText } from '../../../ui/display-text.ts';
import classes from '../resources.module.css';
import { LoginMenu } from './login-menu.tsx';
import { noLoginReason } from './no-login-reason.ts';

interface Props {
  resource: Resource;
  menuOpen: boolean;
  onMenu(opened: boolean): void;
  onConnect(resource: Resource, login: string): void;
}

/** A row's way to connect. The menu's component stands in for the plain button only while it is open, since rows are drawn by the hundred. */
export function ConnectButton({ resource, menuOpen, onMenu, onConnect }: Props) {
  if (menuOpen) return <LoginMenu resource={resource} opened onOpened={onMenu} onConnect={onConnect} inRow />;
  const reason = noLoginReason(resource);
  const [only, ...more] = resource.logins;
  const choose = more.length > 0;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.connect}
      aria-label={`Connect to ${displayText(resource.name, 100)}`}
      aria-haspopup={choose ? 'menu' : undefined}
      aria-disabled={reason !== ''}
      title={reason || (choose ? undefined : `As ${displayText(only ?? '', 80)}`)}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        if (reason !== '' || only === undefined) return;
        if (choose) onMenu(true);
        else onConnect(resource, only);
      }}
    >
      Connect
      {choose && <IconChevronDown size={12} aria-hidden />}
    </button>
  );
}
