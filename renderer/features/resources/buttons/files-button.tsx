import { Menu, ScrollArea } from '@mantine/core';
import { IconFolders } from '@tabler/icons-react';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import type { Resource } from '../../../../shared/model/resource.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { filesDocument } from '../../../workbench/documents.ts';
import classes from '../resources.module.css';
import { noLoginReason } from './no-login-reason.ts';

interface Props {
  resource: Resource;
  cluster: ClusterKey;
  leaf: string;
  menuOpen: boolean;
  onMenu(opened: boolean): void;
  /** In a list row, which is reached by the list's own keys. */
  inRow?: boolean;
}

/** Opens the files of a server: at once with the only login, else with the one that is chosen. */
export function FilesButton({ resource, cluster, leaf, menuOpen, onMenu, inRow = false }: Props) {
  const { workspace } = useApp();
  const { logins } = resource;
  const [only, ...more] = logins;
  const reason = noLoginReason(resource);
  const open = (login: string) => {
    onMenu(false);
    workspace.getState().open(filesDocument({ cluster, leaf, node: resource.id, hostname: resource.name, login }));
  };
  const button = (
    <button
      type="button"
      tabIndex={inRow ? -1 : 0}
      className={classes.connect}
      aria-label={`Browse files of ${displayText(resource.name, 100)}`}
      aria-haspopup={more.length > 0 ? 'menu' : undefined}
      aria-disabled={reason !== ''}
      title={reason || 'Browse files'}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        if (reason !== '' || only === undefined) return;
        if (more.length > 0) onMenu(true);
        else open(only);
      }}
    >
      <IconFolders size={14} stroke={1.6} aria-hidden />
      {!inRow && 'Browse files'}
    </button>
  );
  if (!menuOpen) return button;
  return (
    <Menu opened onChange={onMenu} position="bottom-end" width={220}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} aria-label="Browse files as">
        <Menu.Label>Browse files as</Menu.Label>
        <ScrollArea.Autosize mah={260} type="auto">
          {logins.map((login) => (
            <Menu.Item key={login} onClick={() => open(login)}>
              <Untrusted text={login} most={80} />
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
