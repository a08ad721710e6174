import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { ConnectionOrigin, ConnectionRow, ForwardTarget, GatewayTarget, OpenConnection } from '../../shared/model/gateway.ts';
import { clusterOf } from '../../shared/model/local-port.ts';
import type { AppState } from '../state/app-state.ts';
import { findConnection } from '../state/connections.ts';
import { confirm } from '../state/dialogs.ts';
import { openDocuments } from '../state/tabs.ts';
import { displayText } from '../ui/display-text.ts';
import { gatewayDocument, gatewayShellDocument, sshDocument } from './documents.ts';
import { openLink } from './open-link.ts';
import { withRelogin } from './with-relogin.ts';

const purpose = (what: string) => `to open ${displayText(what, 120)}`;

const nameOf = (target: OpenConnection['target']) => (target.kind === 'forward' ? target.server.hostname : target.name);

/** The target with `cluster` as its login. */
function under<T extends GatewayTarget | ForwardTarget>(target: T, cluster: ClusterKey): T {
  return target.kind === 'forward' ? { ...target, server: { ...target.server, cluster } } : { ...target, cluster };
}

/** Opens a local connection after a login where one is needed. Resolves with its row; rejects when it does not listen. */
async function open(
  app: AppState,
  target: GatewayTarget | ForwardTarget,
  origin: ConnectionOrigin,
  port: number | null = null,
): Promise<ConnectionRow | undefined> {
  const { id } = await withRelogin(app, clusterOf(target), purpose(nameOf(target)), (cluster) =>
    app.sessionHost().call('connections.open', { target: under(target, cluster), origin, port }),
  );
  return app.connections.getState().rows[id] ?? findConnection(app.connections.getState(), target);
}

/**
 * Opens a connection and shows its page as soon as the row is in the list; the page shows the progress. `database` is used if none
 * was chosen before.
 */
export async function openAndShow(
  app: AppState,
  target: GatewayTarget | ForwardTarget,
  origin: ConnectionOrigin,
  { port = null, database = '' }: { port?: number | null; database?: string } = {},
): Promise<void> {
  let shown = false;
  const show = (row: ConnectionRow | undefined) => {
    if (shown || !row) return;
    shown = true;
    app.workspace.getState().open(gatewayDocument(row));
  };
  const look = () => show(findConnection(app.connections.getState(), target));
  const stop = app.connections.subscribe(look);
  look();
  try {
    const row = await open(app, target, origin, port);
    show(row);
    if (row?.database === '' && database !== '') await app.sessionHost().call('connections.change-database', { id: row.id, database });
  } catch (caught) {
    look();
    if (!shown) app.notifications.getState().notifyError(`${displayText(nameOf(target), 100)} could not be opened`, caught);
  } finally {
    stop();
  }
}

/** Opens an app by its link in the browser. */
export function launchApp(app: AppState, url: string, cluster: ClusterKey, origin: ConnectionOrigin): void {
  void openLink(app, url);
  // Main decides whether this is counted, and nothing waits for it.
  app.main.call('telemetry.app-opened', { cluster, origin }).catch(() => {});
}

/** A terminal with KUBECONFIG set for the cluster. If the connection cannot be opened, its page says why. */
export async function openKubeTerminal(app: AppState, target: GatewayTarget, origin: ConnectionOrigin): Promise<void> {
  try {
    const row = await open(app, target, origin);
    if (row) app.workspace.getState().open(gatewayShellDocument(row, null, origin));
  } catch (caught) {
    const row = findConnection(app.connections.getState(), target);
    if (row) app.workspace.getState().open(gatewayDocument(row));
    else app.notifications.getState().notifyError(`${displayText(nameOf(target), 100)} could not be opened`, caught);
  }
}

/** Opens a row of the list: its terminal or a new one, or the connection's page; closed ones are opened again. */
export async function showConnection(app: AppState, row: ConnectionRow): Promise<void> {
  const { target } = row;
  const { show, open: openDocument } = app.workspace.getState();
  const documents = openDocuments(app.workspace.getState());
  if (target.kind === 'ssh') {
    const { server } = target;
    const there = documents.find(
      (each) =>
        each.kind === 'ssh' && each.target.node === server.node && each.target.login === server.login && each.target.cluster === server.cluster,
    );
    return there ? show(there.id) : openDocument(sshDocument(server, 'connection_list'));
  }
  const terminal = documents.find((each) => each.kind === 'shell' && each.gateway?.connection === row.id && each.gateway.command === null);
  if (target.kind === 'kube') return terminal ? show(terminal.id) : openKubeTerminal(app, target, 'connection_list');
  openDocument(gatewayDocument(row));
  if (row.state !== 'open') await reopen(app, row);
}

/** Opens a closed row again; the row shows a failure. */
export async function reopen(app: AppState, row: ConnectionRow, port: number | null = null): Promise<void> {
  try {
    await withRelogin(app, clusterOf(row.target), purpose(row.title), () =>
      app.sessionHost().call('connections.reopen', { id: row.id, origin: 'connection_list', port }),
    );
  } catch (caught) {
    if (!app.connections.getState().rows[row.id]?.error)
      app.notifications.getState().notifyError(`${displayText(row.title, 100)} could not be opened`, caught);
  }
}

/** Ends the connection; asks first while programs use it. */
export async function closeConnection(app: AppState, row: ConnectionRow): Promise<boolean> {
  if (row.state === 'open' && row.clients > 0) {
    const agreed = await confirm(app.dialogs, {
      title: `Close ${displayText(row.title, 100)}?`,
      text: row.clients === 1 ? 'One program is using it and loses its connection.' : `${row.clients} connections go through it and are lost.`,
      action: 'Close connection',
      danger: true,
    });
    if (!agreed) return false;
  }
  return await tell(app, 'The connection could not be closed', app.sessionHost().call('connections.close', { id: row.id }));
}

/** Forgets the connection with its port and closes its page. */
export async function removeConnection(app: AppState, row: ConnectionRow): Promise<void> {
  if (row.state === 'open' && !(await closeConnection(app, row))) return;
  if (await tell(app, 'The connection could not be removed', app.sessionHost().call('connections.remove', { id: row.id }))) {
    app.workspace.getState().remove([gatewayDocument(row).id]);
  }
}

export function runInTerminal(app: AppState, row: ConnectionRow, command: number | null): void {
  app.workspace.getState().open(gatewayShellDocument(row, command, 'connection_list'));
}

/** False, with a notice, when it failed. */
export async function tell(app: AppState, title: string, call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (caught) {
    app.notifications.getState().notifyError(title, caught);
    return false;
  }
}
