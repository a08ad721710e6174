import './terminal.css';
import { useComputedColorScheme } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Document } from '../../../shared/model/document.ts';
import type { AppState } from '../../state/app-state.ts';
import { useApp, useConnections } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { documentCluster } from '../../state/workspace.ts';
import { displayText } from '../../ui/display-text.ts';
import { closePane } from '../../workbench/close-tabs.ts';
import { useCommand, useCommands } from '../../workbench/commands.ts';
import { gatewayDocument } from '../../workbench/documents.ts';
import type { PaneProps } from '../../workbench/pane-props.ts';
import { relogin } from '../../workbench/with-relogin.ts';
import { Connecting } from './connecting.tsx';
import { EndedBar } from './ended-bar.tsx';
import { Failed } from './failed.tsx';
import { terminalLook } from './look/terminal-look.ts';
import { SearchBar } from './search-bar.tsx';
import { titledFolder } from './shell-folder.ts';
import { StalledBar } from './stalled-bar.tsx';
import type { OpenTerminalStream, TerminalState } from './terminal-controller.ts';
import { TerminalPromptsView } from './terminal-prompts-view.tsx';
import { useTerminalView } from './use-terminal-view.ts';

type TerminalDocumentData = Extract<Document, { kind: 'ssh' | 'shell' }>;

/** A tab with a terminal: on a server, or on this computer. */
export default function TerminalDocument({ document, visible, focused }: PaneProps<TerminalDocumentData>) {
  const app = useApp();
  const commands = useCommands();
  const settings = useStore(app.settings, ({ values }) => values.terminal);
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const screenReader = useStore(app.settings, (state) => state.screenReader);
  const { platform } = app.info;
  const look = useMemo(() => terminalLook(settings, theme, { platform, screenReader }), [settings, theme, platform, screenReader]);
  const container = useRef<HTMLDivElement>(null);
  /** The shell reports its folder itself; what its title says is less exact. */
  const tellsFolder = useRef(false);
  const [wasLive, setWasLive] = useState(false);
  const { notify } = app.notifications.getState();
  const target =
    document.kind === 'ssh'
      ? displayText(`${document.target.login}@${document.target.hostname}`, 120)
      : displayText(document.gateway?.title ?? 'this computer', 120);

  const logIn = async () => {
    const cluster = documentCluster(document);
    if (cluster === null) return;
    const key = await relogin(app, cluster, `to open the terminal on ${target}`);
    if (key === null || !view) return;
    if (document.kind === 'ssh' && key !== cluster) app.workspace.getState().update({ ...document, target: { ...document.target, cluster: key } });
    // the document with the new key is there after the next render
    setTimeout(() => view.connect());
  };

  const onState = (state: TerminalState) => {
    if (state.phase === 'live') setWasLive(true);
    app.tabStatuses.getState().report(document.id, {
      isLive: state.phase === 'live',
      isConnecting: state.phase === 'connecting',
      isFailed: state.phase === 'ended' && state.error !== null && state.error.code !== 'cancelled',
    });
    if (state.phase === 'ended' && state.error?.code === 'expired') void logIn();
  };

  const connection = useConnections(({ rows }) => (document.kind === 'shell' && document.gateway ? rows[document.gateway.connection] : undefined));

  const { view, state, prompts, show } = useTerminalView(container, {
    open: (size, reader) => openStream(app, document, size, reader),
    look,
    platform: app.info.platform,
    visible,
    focused,
    isRunning: app.page.running.has(document.id),
    onState,
    onTitle: (title) => {
      const folder = document.kind === 'ssh' && !tellsFolder.current ? titledFolder(title, document.target.login) : null;
      app.tabStatuses.getState().report(document.id, folder === null ? { title } : { title, folder });
    },
    onCwd: (cwd) => {
      tellsFolder.current = true;
      if (document.kind === 'shell') app.workspace.getState().update({ ...document, cwd });
      else app.tabStatuses.getState().report(document.id, { folder: cwd });
    },
    onClipboardRefused: (text) => notify({ tone: 'error', title: 'Clipboard', text }),
  });

  // A terminal that never came about is connected when its cluster is back; one that was in use waits for the person.
  useClusterReturns(documentCluster(document), document.kind === 'ssh' ? document.target.leaf : '', () => {
    if (visible && !wasLive && state.phase === 'ended' && state.error && state.error.code !== 'cancelled') view?.connect();
  });

  useCommand('terminal.search', () => show({ searching: true }), visible);

  const close = () => void closePane(app, document.id);
  const reconnect = () => {
    view?.connect();
    view?.focus();
  };
  const hasText = wasLive || state.phase === 'live';
  return (
    <section
      className="terminal-document"
      aria-label={`Terminal on ${target}`}
      data-phase={state.phase}
      data-blank={!hasText || undefined}
      data-bell={prompts.bell || undefined}
    >
      <div className="terminal-screen" ref={container} />
      {prompts.searching && view && <SearchBar view={view} theme={theme} onClose={() => show({ searching: false })} />}
      {state.phase === 'connecting' && (
        <Connecting step={state.step} target={target} local={document.kind === 'shell'} onCancel={() => view?.controller.cancel()} />
      )}
      {state.phase === 'live' && state.stalled && <StalledBar />}
      {state.phase === 'ended' && !hasText && (
        <Failed ended={state} target={target} onRetry={reconnect} onLogin={() => void logIn()} onClose={close} />
      )}
      {state.phase === 'ended' && hasText && (
        <EndedBar
          ended={state}
          onReconnect={reconnect}
          onConnection={connection && (() => app.workspace.getState().open(gatewayDocument(connection)))}
          onClose={close}
        />
      )}
      {view && (
        <TerminalPromptsView
          view={view}
          prompts={prompts}
          show={show}
          isLive={state.phase === 'live'}
          onFiles={document.kind === 'ssh' ? () => commands.run('files.browse') : undefined}
        />
      )}
    </section>
  );
}

/** A tab has its program back when the page was loaded anew; otherwise a new one is started. */
function openStream(
  app: AppState,
  document: TerminalDocumentData,
  ...[size, reader]: Parameters<OpenTerminalStream>
): ReturnType<OpenTerminalStream> {
  const host = app.sessionHost();
  const keep = { page: app.page.secret, tab: document.id };
  if (document.kind === 'ssh') return host.open('terminal', { kind: 'ssh', target: document.target, origin: document.origin, size, keep }, reader);
  const { connection, command, origin } = document.gateway ?? {};
  const gateway = connection !== undefined && command !== undefined && origin ? { connection, command, origin } : undefined;
  return host.open('terminal', { kind: 'shell', cwd: document.cwd, size, gateway, keep }, reader);
}
