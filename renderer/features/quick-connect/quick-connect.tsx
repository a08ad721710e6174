import { IconServer2, IconTerminal2 } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import { useApp, useCurrentCluster } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { displayText } from '../../ui/display-text.ts';
import { Picker } from '../../ui/picker.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { sshDocument } from '../../workbench/documents.ts';
import { addCluster, openCluster } from '../../workbench/open-cluster.ts';
import { completionsFor, targetOf } from './completions.ts';
import classes from './quick-connect.module.css';
import { parseTyped } from './typed-target.ts';

/** Asks the cluster once typing pauses, not for every letter. */
const quietMs = 200;
const limit = 20;

/** Connects to a server of the current cluster by typed `user@host`, with the cluster's servers as completions. */
export function QuickConnect({ onClose }: { onClose(): void }) {
  const app = useApp();
  const cluster = useCurrentCluster();
  const [query, setQuery] = useState('');
  const typed = parseTyped(query);
  const key = cluster?.status === 'signed-in' ? cluster.key : null;
  const { servers, error, busy } = useServers(key, typed.host);
  const completions = key === null ? [] : completionsFor(typed, servers);
  const name = cluster ? displayText(cluster.name, 80) : '';

  const pick = (id: string) => {
    onClose();
    const chosen = completions.find((completion) => completion.id === id);
    if (chosen && key !== null) app.workspace.getState().open(sshDocument(targetOf(chosen, key), 'search_bar'));
    else if (id === 'log-in' && cluster) void openCluster(app, cluster);
    else if (id === 'add') void addCluster(app);
  };
  const items = completions.map(({ id, login, hostname, address }) => ({
    id,
    content: (
      <>
        {address === null ? <IconTerminal2 size={16} aria-hidden /> : <IconServer2 size={16} aria-hidden />}
        <span className={classes.target}>
          <Untrusted text={`${login}@`} most={80} className={classes.login} />
          <Untrusted text={hostname} most={200} className={classes.host} />
        </span>
        <Untrusted text={address === null ? 'as typed' : address} most={80} className={classes.address} />
      </>
    ),
  }));
  if (!cluster) items.push({ id: 'add', content: <span>Add a cluster…</span> });
  else if (key === null) items.push({ id: 'log-in', content: <span>Log in to {name} first</span> });
  const note =
    key === null
      ? cluster
        ? `You are not logged in to ${name}.`
        : 'No cluster is known yet.'
      : error
        ? `The servers of ${name} could not be listed: ${displayText(error.message, 300)}`
        : busy && completions.length === 0
          ? 'Looking for servers…'
          : completions.length === 0
            ? 'No server fits. Type user@host to connect to one that is not listed.'
            : `On ${name}. Enter connects.`;
  return (
    <Picker
      label="Connect to a server"
      placeholder="user@host"
      query={query}
      onQuery={setQuery}
      items={items}
      onPick={pick}
      onClose={onClose}
      note={note}
    />
  );
}

/** The servers that fit the typed text, once typing has paused. */
function useServers(cluster: string | null, search: string) {
  const { main } = useApp();
  const [state, setState] = useState<{ servers: readonly Resource[]; error: ErrorData | null; busy: boolean }>({
    servers: [],
    error: null,
    busy: true,
  });
  const [attempt, setAttempt] = useState(0);
  useClusterReturns(cluster, '', () => state.error && setAttempt(attempt + 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (cluster === null) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      setState(({ servers }) => ({ servers, error: null, busy: true }));
      main.call('resources.list', { cluster, kinds: ['node'], search, limit }, { signal: controller.signal }).then(
        ({ resources }) => setState({ servers: resources, error: null, busy: false }),
        (caught) => {
          const error = AppError.from(caught);
          if (error.code !== 'cancelled') setState({ servers: [], error: error.toData(), busy: false });
        },
      );
    }, quietMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [main, cluster, search, attempt]);
  return state;
}
