import './terminal.css';
import { useRef, useState } from 'react';
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
import { SearchBar } from './search-bar.tsx';
import type { OpenTerminalStream } from './terminal-controller.ts';
import { TerminalPromptsView } from './terminal-prompts-view.tsx';
import { TerminalStatus } from './terminal-status.tsx';
import { type TerminalDocumentData, useTabReports } from './use-tab-reports.ts';
import { useTerminalLook } from './use-terminal-look.ts';
import { useTerminalView } from './use-terminal-view.ts';

/** A tab with a terminal: on a server, or on this computer. */
export default function TerminalDocument({ document, visible, focused }: PaneProps<TerminalDocumentData>) {
  const app = useApp();
  const commands = useCommands();
  const look = useTerminalLook();
  const container = useRef<HTMLDivElement>(null);
  const [wasLive, setWasLive] = useState(false);
  const report = useTabReports(document);
  const connection = useConnections(({ rows }) => (document.kind === 'shell' && document.gateway ? rows[document.gateway.connection] : undefined));
  const target = targetText(document);

  const logIn = async () => {
    const cluster = documentCluster(document);
    if (cluster === null) return;
    const key = await relogin(app, cluster, `to open the terminal on ${target}`);
    if (key === null || !view) return;
    if (document.kind === 'ssh' && key !== cluster) app.workspace.getState().update({ ...document, target: { ...document.target, cluster: key } });
    // the document with the new key is there after the next render
    setTimeout(() => view.connect());
  };

  const { view, state, prompts, show } = useTerminalView(container, {
    open: (size, reader) => openStream(app, document, size, reader),
    look,
    platform: app.info.platform,
    visible,
    focused,
    isRunning: app.page.running.has(document.id),
    onState: (next) => {
      if (next.phase === 'live') setWasLive(true);
      report.state(next);
      if (next.phase === 'ended' && next.error?.code === 'expired') void logIn();
    },
    onTitle: report.title,
    onCwd: report.cwd,
    onClipboardRefused: (text) => app.notifications.getState().notify({ tone: 'error', title: 'Clipboard', text }),
  });

  // A terminal that never came about is connected when its cluster is back; one that was in use waits for the person.
  useClusterReturns(documentCluster(document), document.kind === 'ssh' ? document.target.leaf : '', () => {
    if (visible && !wasLive && state.phase === 'ended' && state.error && state.error.code !== 'cancelled') view?.connect();
  });

  useCommand('terminal.search', () => show({ searching: true }), visible);

  const reconnect = () => {
    view?.connect();
    view?.focus();
  };
  const isLive = state.phase === 'live';
  const hasText = wasLive || isLive;
  const onFiles = document.kind === 'ssh' ? () => commands.run('files.browse') : undefined;
  return (
    <section
      className="terminal-document"
      aria-label={`Terminal on ${target}`}
      data-phase={state.phase}
      data-blank={!hasText || undefined}
      data-bell={prompts.bell || undefined}
    >
      <div className="terminal-screen" ref={container} />
      {prompts.searching && view && <SearchBar view={view} theme={look.theme} onClose={() => show({ searching: false })} />}
      <TerminalStatus
        state={state}
        target={target}
        isLocal={document.kind === 'shell'}
        hasText={hasText}
        onCancel={() => view?.controller.cancel()}
        onReconnect={reconnect}
        onLogin={() => void logIn()}
        onConnection={connection && (() => app.workspace.getState().open(gatewayDocument(connection)))}
        onClose={() => void closePane(app, document.id)}
      />
      {view && <TerminalPromptsView view={view} prompts={prompts} show={show} isLive={isLive} onFiles={onFiles} />}
    </section>
  );
}

/** Names the terminal's place, with names from outside made harmless. */
function targetText(document: TerminalDocumentData): string {
  if (document.kind === 'shell') return displayText(document.gateway?.title ?? 'this computer', 120);
  return displayText(`${document.target.login}@${document.target.hostname}`, 120);
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
