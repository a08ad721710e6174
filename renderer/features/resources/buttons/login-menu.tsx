import { Button, Menu, ScrollArea, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { Resource } from '../../../../shared/model/resource.ts';
import { displayText } from '../../../ui/display-text.ts';
import { Tip } from '../../../ui/tip.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { noLoginReason } from './no-login-reason.ts';

/** With more logins than this, a field filters them. */
const filterFrom = 8;

interface Props {
  resource: Resource;
  opened: boolean;
  onOpened(opened: boolean): void;
  onConnect(resource: Resource, login: string): void;
  /** In a list row: small, and reached by the list's own keys. */
  inRow?: boolean;
}

/** Connects to a server: at once with the only login, else with the one that is chosen. */
export function LoginMenu({ resource, opened, onOpened, onConnect, inRow = false }: Props) {
  const [filter, setFilter] = useState('');
  const { logins } = resource;
  const label = `Connect to ${displayText(resource.name, 100)}`;
  const common = {
    size: inRow ? 'compact-xs' : 'compact-sm',
    variant: inRow ? 'default' : 'filled',
    tabIndex: inRow ? -1 : 0,
    'aria-label': label,
  } as const;
  const reason = noLoginReason(resource);
  if (reason !== '') {
    return (
      <Tip label={reason}>
        <Button {...common} data-disabled aria-disabled onClick={(event) => event.stopPropagation()}>
          Connect
        </Button>
      </Tip>
    );
  }
  const connect = (login: string) => {
    onOpened(false);
    onConnect(resource, login);
  };
  const only = logins.length === 1 ? logins[0] : undefined;
  if (only !== undefined) {
    return (
      <Tip label={`As ${displayText(only, 80)}`}>
        <Button
          {...common}
          onClick={(event) => {
            event.stopPropagation();
            connect(only);
          }}
        >
          Connect
        </Button>
      </Tip>
    );
  }
  const shown = logins.filter((login) => login.toLowerCase().includes(filter.trim().toLowerCase()));
  return (
    <Menu opened={opened} onChange={onOpened} onClose={() => setFilter('')} position="bottom-end" width={220}>
      <Menu.Target>
        <Button {...common} rightSection={<IconChevronDown size={12} />} onClick={(event) => event.stopPropagation()}>
          Connect
        </Button>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} aria-label="Log in as">
        {logins.length >= filterFrom ? (
          <TextInput
            size="xs"
            p={4}
            data-autofocus
            aria-label="Filter logins"
            placeholder="Log in as…"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && shown[0] !== undefined) connect(shown[0]);
            }}
          />
        ) : (
          <Menu.Label>Log in as</Menu.Label>
        )}
        <ScrollArea.Autosize mah={260} type="auto">
          {shown.map((login) => (
            <Menu.Item key={login} onClick={() => connect(login)}>
              <Untrusted text={login} most={80} />
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
