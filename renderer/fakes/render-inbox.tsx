import { act, screen } from '@testing-library/react';
import type { AccessRequest, AccessRequestDetail, RequestsOverview } from '../../shared/model/access-request.ts';
import { openDocuments } from '../state/tabs.ts';
import type { FakeWorld } from './fake-app.ts';
import { detailOf, fakeInbox } from './fake-inbox.ts';
import { renderApp } from './render-app.tsx';
import { sampleOverview, sampleRequest } from './request-samples.ts';
import { sampleCluster } from './samples.ts';
import { requestsTab } from './screens/requests-screens.ts';

export interface InboxWorld {
  list?: readonly AccessRequest[];
  overview?: Partial<RequestsOverview>;
  calls?: FakeWorld['calls'];
  tab?: Parameters<typeof requestsTab>[0];
  world?: FakeWorld;
}

/** The cluster that these requests are of. */
export const inboxCluster = sampleCluster().key;

/** A request of somebody else that this person may review. */
export const theirs = sampleRequest(1, { waiting: true, own: false, state: 'pending', user: 'bob', roles: ['db-admin'], resources: [] });

/** A request of this person that was approved and can be assumed. */
export const granted = sampleRequest(5, {
  ...{ own: true, waiting: false, state: 'approved', roles: ['db-admin'], resources: [], assumeStart: null },
});

/** The whole window with a tab of access requests. `change` is what main tells anew about the cluster. */
export async function renderInbox({ list = [theirs], overview = {}, calls = {}, tab = {}, world = {} }: InboxWorld = {}) {
  // A text field that grows waits for fonts, which jsdom does not have.
  Object.defineProperty(document, 'fonts', { configurable: true, value: { addEventListener() {}, removeEventListener() {} } });
  const made = await renderApp({
    clusters: [sampleCluster()],
    calls: fakeInbox(list, calls),
    requests: { [inboxCluster]: sampleOverview(list, overview) },
    workspace: { documents: [requestsTab(tab)], active: 'q' },
    ...world,
  });
  let told = sampleOverview(list, overview);
  const change = (next: Partial<RequestsOverview>) => {
    told = { ...told, ...next };
    act(() => made.topics.requests.set({ [inboxCluster]: told }));
  };
  const tabNow = () => openDocuments(made.app.workspace.getState()).find(({ id }) => id === 'q');
  return { ...made, change, tabNow };
}

/** Logs in to the dialog that is open. Without clicks: panes take clicks at their edge for themselves, and in jsdom everything is at the edge. */
export async function logIn({ keyboard }: { keyboard(text: string): Promise<void> }): Promise<void> {
  const password = await screen.findByLabelText('Password');
  act(() => password.focus());
  await keyboard('x{Enter}');
  const code = await screen.findByLabelText('Authentication code');
  act(() => code.focus());
  await keyboard('123456');
}

/** A login whose code is right; `onDone` is called with it. */
export const loginThat = (onDone: () => void): FakeWorld['login'] => ({
  code: () => {
    onDone();
    return 'done';
  },
});

/** One request, which is open. */
export const oneOpen = (request: AccessRequest, detail: Partial<AccessRequestDetail> = {}, calls: FakeWorld['calls'] = {}): InboxWorld => ({
  list: [request],
  tab: { request: request.id },
  calls: { 'requests.get': () => ({ ...detailOf(request), ...detail }), ...calls },
});
