import { Button, Loader, Menu, TextInput } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { AppOptions, DatabaseOptions, GatewayTarget } from '../../../shared/model/gateway.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { displayText } from '../../ui/display-text.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { launchApp, openAndShow, openKubeTerminal } from '../../workbench/connection-actions.ts';
import type { ConnectMenuProps } from '../../workbench/slots.tsx';
import { appChoices, type Choice, databaseChoices, kubeChoices } from './connect-choices.ts';

const filterFrom = 8;

type Loaded = { kind: 'database'; options: DatabaseOptions } | { kind: 'app'; options: AppOptions } | { kind: 'kube' };

/** Connects to a database, Kubernetes cluster or app: at once when there is one way, else by what is chosen. */
export default function ConnectMenu({ resource, cluster, leaf, opened, onOpened, inRow }: ConnectMenuProps) {
  const app = useApp();
  const [filter, setFilter] = useState('');
  const { loaded, error } = useOptions(app, resource, cluster, leaf, opened);
  const choices = loaded === null ? [] : choicesOf(loaded, filter);
  const typable = loaded?.kind === 'database' && loaded.options.anyUser;
  const run = (choice: Choice) => {
    onOpened(false);
    act(app, choice, { cluster, leaf, name: resource.id });
  };
  const only = loaded !== null && !typable && choices.length === 1 ? choices[0] : undefined;
  const ranOnly = useRef(false);
  useEffect(() => {
    if (!opened) ranOnly.current = false;
    if (!opened || !only || filter !== '' || ranOnly.current) return;
    ranOnly.current = true;
    run(only);
  });
  const problem = error ?? (loaded && loaded.kind !== 'kube' ? loaded.options.problem : null);
  const all = loaded === null ? 0 : choicesOf(loaded, '').length;
  return (
    <Menu opened={opened} onChange={onOpened} onClose={() => setFilter('')} position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          size={inRow ? 'compact-xs' : 'compact-sm'}
          variant={inRow ? 'default' : 'filled'}
          tabIndex={inRow ? -1 : 0}
          aria-label={`Connect to ${displayText(resource.name, 100)}`}
          rightSection={<IconChevronDown size={12} />}
          onClick={(event) => event.stopPropagation()}
        >
          Connect
        </Button>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()} aria-label="Ways to connect">
        {loaded === null && error === null && <Note>{<Loader size={14} aria-label="Loading" />}</Note>}
        {problem !== null && <Note alert>{displayText(problem, 500)}</Note>}
        {(typable || all >= filterFrom) && (
          <TextInput
            size="xs"
            p={4}
            data-autofocus
            autoFocus
            maxLength={512}
            spellCheck={false}
            aria-label={typable ? 'Database user' : 'Filter'}
            placeholder={typable ? 'Connect as…' : 'Filter'}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && choices[0]) run(choices[0]);
            }}
          />
        )}
        {loaded?.kind === 'database' && !typable && all < filterFrom && choices.length > 0 && <Menu.Label>Connect as</Menu.Label>}
        {loaded?.kind === 'database' && choices.length === 0 && !typable && problem === null && (
          <Note>Your roles allow no user of this database. Its administrator can add one.</Note>
        )}
        <div style={{ maxHeight: 260, overflow: 'hidden auto' }}>
          {choices.map((choice) => (
            <Menu.Item key={choice.id} styles={{ itemLabel: { minWidth: 0 } }} onClick={() => run(choice)}>
              <Untrusted text={choice.title} most={120} />
              {choice.detail !== '' && <Untrusted text={choice.detail} most={200} style={{ display: 'block', opacity: 0.7, fontSize: 11.5 }} />}
            </Menu.Item>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

function Note({ children, alert = false }: { children: ReactNode; alert?: boolean }) {
  return (
    <div role={alert ? 'alert' : 'status'} style={{ padding: '6px 10px', fontSize: 12, color: 'var(--sw-text-dim)', overflowWrap: 'anywhere' }}>
      {children}
    </div>
  );
}

function choicesOf(loaded: Loaded, filter: string): Choice[] {
  switch (loaded.kind) {
    case 'database':
      return databaseChoices(loaded.options, filter);
    case 'app':
      return appChoices(loaded.options, filter);
    case 'kube':
      return kubeChoices;
  }
}

function act(app: AppState, { act: what }: Choice, resource: Pick<GatewayTarget, 'cluster' | 'leaf' | 'name'>): void {
  if (what.do === 'link') launchApp(app, what.url, resource.cluster, 'resource_table');
  else if (what.do === 'database')
    void openAndShow(app, { kind: 'database', ...resource, user: what.user }, 'resource_table', { database: what.database });
  else if (what.do === 'app') void openAndShow(app, { kind: 'app', ...resource, targetPort: what.targetPort }, 'resource_table');
  else if (what.do === 'kube-terminal') void openKubeTerminal(app, { kind: 'kube', ...resource }, 'resource_table');
  else void openAndShow(app, { kind: 'kube', ...resource }, 'resource_table');
}

/** What main knows of the ways to connect, asked for when the menu opens. */
function useOptions(
  app: AppState,
  { kind, id: name }: Resource,
  cluster: ClusterKey,
  leaf: string,
  opened: boolean,
): { loaded: Loaded | null; error: string | null } {
  const [state, setState] = useState<{ loaded: Loaded | null; error: string | null }>({
    loaded: kind === 'kube_cluster' ? { kind: 'kube' } : null,
    error: null,
  });
  const [attempt, setAttempt] = useState(0);
  useClusterReturns(cluster, leaf, () => state.error !== null && setAttempt(attempt + 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (!opened || kind === 'kube_cluster') return;
    const controller = new AbortController();
    const { signal } = controller;
    const load = async (): Promise<Loaded> => {
      const named = { cluster, leaf, name, loginReason: 'to connect' };
      if (kind === 'db') return { kind: 'database', options: await app.main.call('resources.database-options', named, { signal }) };
      return { kind: 'app', options: await app.main.call('resources.app-options', named, { signal }) };
    };
    setState({ loaded: null, error: null });
    load().then(
      (loaded) => !signal.aborted && setState({ loaded, error: null }),
      (caught) => !signal.aborted && setState({ loaded: null, error: AppError.from(caught).message }),
    );
    return () => controller.abort();
  }, [app, kind, name, cluster, leaf, opened, attempt]);
  return state;
}
