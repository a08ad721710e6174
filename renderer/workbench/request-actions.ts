import { maxRequestedResources, type NamedResource, openRequestSchema, type RequestsOverview } from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { AppState } from '../state/app-state.ts';
import { confirm } from '../state/dialogs.ts';
import { showRequests } from './documents.ts';
import { relogin } from './with-relogin.ts';

const overviewOf = (app: AppState, cluster: ClusterKey): RequestsOverview | undefined => app.requests.getState().overviews[cluster];

interface Things {
  roles?: string[];
  resources?: NamedResource[];
}

/** Puts roles or resources into the cluster's basket. A request is for one or the other, so it asks before one replaces the other. */
export async function addToBasket(app: AppState, cluster: ClusterKey, { roles = [], resources = [] }: Things): Promise<boolean> {
  const basket = overviewOf(app, cluster)?.basket ?? { roles: [], resources: [] };
  const mixed = (roles.length > 0 && basket.resources.length > 0) || (resources.length > 0 && basket.roles.length > 0);
  if (mixed && !(await mayReplace(app, roles.length > 0))) return false;
  if (!mixed && basket.resources.length + resources.length > maxRequestedResources) {
    const text = `One request can name ${maxRequestedResources} resources at most. Send this one first, then ask for the rest.`;
    app.notifications.getState().notify({ tone: 'error', title: 'The request is full', text });
    return false;
  }
  return await changeBasket(app, cluster, mixed ? 'replace' : 'add', { roles, resources });
}

function mayReplace(app: AppState, byRoles: boolean): Promise<boolean> {
  return confirm(app.dialogs, {
    title: 'Start the request anew?',
    text: `A request is either for roles or for resources. Adding ${byRoles ? 'a role' : 'a resource'} removes the ${byRoles ? 'resources' : 'roles'} gathered so far.`,
    action: 'Start anew',
    danger: false,
  });
}

/** False, with a notice, when it could not be saved. */
export async function changeBasket(
  app: AppState,
  cluster: ClusterKey,
  change: 'add' | 'remove' | 'replace',
  { roles = [], resources = [] }: Things,
): Promise<boolean> {
  try {
    await app.main.call('requests.basket', { cluster, change, roles, resources });
    return true;
  } catch (caught) {
    app.notifications.getState().notifyError('The request could not be kept', caught);
    return false;
  }
}

/** Puts the same into the basket again and opens the drawer: for access that ends soon, was denied or has expired. */
export async function askAgain(app: AppState, cluster: ClusterKey, things: { roles: string[]; resources: NamedResource[] }): Promise<void> {
  const wanted = things.resources.length > 0 ? { resources: things.resources } : { roles: things.roles };
  if (await changeBasket(app, cluster, 'replace', wanted)) app.requests.setState({ asking: cluster });
}

/** Assumes the access of approved requests. Rejects with the server's reason. */
export function assume(app: AppState, cluster: ClusterKey, ids: string[]): Promise<unknown> {
  return app.main.call('requests.assume', { cluster, ids });
}

/** Drops assumed access; all of it when `ids` is null. Tells a failure by a notice. */
export async function drop(app: AppState, cluster: ClusterKey, ids: string[] | null): Promise<void> {
  try {
    await app.main.call('requests.drop', { cluster, ids });
  } catch (caught) {
    app.notifications.getState().notifyError('The access could not be dropped', caught);
  }
}

/** Follows a notice or a deep link to a request. The argument may come from anywhere; it only selects what is shown. */
export async function openRequestByLink(app: AppState, argument: string): Promise<void> {
  const link = openRequestSchema.safeParse(parse(argument));
  if (!link.success) return;
  const { cluster: key, address, id } = link.data;
  const { list } = app.clusters.getState();
  const known = list.filter((cluster) => (key === null ? cluster.address === address : cluster.key === key));
  const cluster = known.find(({ status }) => status === 'signed-in') ?? known[0];
  if (!cluster) {
    const text = `The link is for a request on ${address.slice(0, 200)}, which is not among your clusters. Add that cluster, then open the link again.`;
    return app.notifications.getState().notify({ tone: 'error', title: 'The cluster is not known', text });
  }
  const use = cluster.status === 'signed-in' ? cluster.key : await relogin(app, cluster.key, 'to see the access request');
  if (use !== null) showRequests(app, use, { scope: 'all', request: id });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
