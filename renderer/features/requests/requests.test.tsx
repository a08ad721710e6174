// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AccessRequest, AccessRequestDetail, RequestsOverview } from '../../../shared/model/access-request.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { detailOf, fakeInbox, sampleDryRun } from '../../fakes/fake-inbox.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleNamed, sampleOverview, sampleRequest } from '../../fakes/request-samples.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { requestsTab } from '../../fakes/screens/requests-screens.ts';
import { openDocuments } from '../../state/tabs.ts';

// A text field that grows waits for fonts, which jsdom does not have.
Object.defineProperty(document, 'fonts', { value: { addEventListener() {}, removeEventListener() {} } });

let dispose = () => {};
afterEach(() => dispose());

const key = sampleCluster().key;
const many = Array.from({ length: 5000 }, (_, index) => sampleRequest(index));
const theirs = sampleRequest(1, { waiting: true, own: false, state: 'pending', user: 'bob', roles: ['db-admin'], resources: [] });

interface Set {
  list?: readonly AccessRequest[];
  overview?: Partial<RequestsOverview>;
  calls?: FakeWorld['calls'];
  tab?: Parameters<typeof requestsTab>[0];
}

async function setUp({ list = many, overview = {}, calls = {}, tab = {} }: Set = {}) {
  const made = await renderApp({
    clusters: [sampleCluster()],
    calls: fakeInbox(list, calls),
    requests: { [key]: sampleOverview(list, overview) },
    workspace: { documents: [requestsTab(tab)], active: 'q' },
  });
  dispose = made.dispose;
  const change = (next: Partial<RequestsOverview>) =>
    act(() => made.topics.requests.set({ [key]: { ...made.topics.requests.get()[key]!, ...next } }));
  return { ...made, change };
}

const one = (request: AccessRequest, detail: Partial<AccessRequestDetail> = {}, calls: FakeWorld['calls'] = {}): Set => ({
  list: [request],
  tab: { request: request.id },
  calls: { 'requests.get': () => ({ ...detailOf(request), ...detail }), ...calls },
});

/** Without a click: the panes take clicks at their edge for themselves, and here everything is at the edge. */
async function focusWords() {
  const field = await screen.findByRole('textbox', { name: 'Message (optional)' });
  act(() => field.focus());
}

describe('the inbox', () => {
  test('of 5,000 requests draws those in sight, and reads the pages that are scrolled to', async () => {
    const { user } = await setUp();
    const grid = await screen.findByRole('grid', { name: 'Access requests' });
    await screen.findByText('5,000 requests');
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
    act(() => grid.focus());
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await screen.findByRole('region', { name: 'Access request' });
  });

  test('a new revision shows without a refresh', async () => {
    const list = [theirs];
    const { change } = await setUp({ list });
    await screen.findByText('1 request');
    list.push(sampleRequest(2, { user: 'mallory' }));
    change({ revision: 2 });
    await screen.findByText('mallory');
  });

  test('filters by state and by words', async () => {
    const { user, app } = await setUp();
    await user.click(await screen.findByRole('button', { name: 'Denied' }));
    expect(openDocuments(app.workspace.getState())).toMatchObject([{ states: ['denied'] }]);
    await user.type(screen.getByRole('searchbox', { name: 'Search requests' }), 'nowhere-at-all');
    await screen.findByText('Nothing matches');
    await user.click(screen.getByRole('button', { name: 'Clear search and filters' }));
    await screen.findByText('5,000 requests');
  });

  test('an edition without reviews has no place for them, and says why', async () => {
    await setUp({
      list: [],
      overview: { features: { reviews: false, resourceRequests: false, startTimes: true, explanation: 'Open source decides elsewhere.' } },
    });
    await screen.findByText('Open source decides elsewhere.');
    expect(screen.queryByRole('tab', { name: /Needs your review/ })).toBeNull();
  });

  test('the title bar counts what waits', async () => {
    const { change } = await setUp({ list: [theirs] });
    await screen.findByRole('button', { name: 'Access requests: 1 waits for your review' });
    change({ counts: { total: 1, waiting: 0, pending: 0, approved: 0, reviewed: 1 } });
    await screen.findByRole('button', { name: 'Access requests' });
  });
});

describe('a request', () => {
  test('is approved by keys, with a reason', async () => {
    const review = vi.fn(() => theirs);
    const { user } = await setUp(one(theirs, {}, { 'requests.review': review }));
    await focusWords();
    await user.keyboard('Until noon{Control>}{Enter}{/Control}');
    await waitFor(() => expect(review).toHaveBeenCalledOnce());
    expect(review).toHaveBeenCalledWith(
      { cluster: key, id: theirs.id, decision: 'approve', reason: 'Until noon', assumeStart: null },
      expect.anything(),
    );
  });

  test.each([
    ['denied', '{Control>}{Shift>}{Enter}{/Shift}{/Control}', 'requests.review', { decision: 'deny', reason: 'No' }],
    ['promoted to the list that was chosen', '{Control>}{Alt>}{Enter}{/Alt}{/Control}', 'requests.promote', { accessList: 'first', reason: 'No' }],
  ] as const)('is %s by keys', async (_, keys, call, sent) => {
    const answer = vi.fn(() => theirs);
    const promotions = [
      { name: 'first', title: 'Database people' },
      { name: 'second', title: 'Everybody' },
    ];
    const { user } = await setUp(one(theirs, { promotions }, { [call]: answer }));
    await focusWords();
    await user.keyboard(`No${keys}`);
    await waitFor(() => expect(answer).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(sent), expect.anything()));
  });

  test('half-typed words outlive the pane', async () => {
    const { user, app } = await setUp(one(theirs));
    await focusWords();
    await user.keyboard('Half a th');
    const show = (request: string) => act(() => app.workspace.getState().update(requestsTab({ request })));
    show('');
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Access request' })).toBeNull());
    show(theirs.id);
    expect((await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message (optional)' })).value).toBe('Half a th');
  });

  test('refusals are in the server’s words, and what was typed stays', async () => {
    const refuse = () => {
      throw new AppError('conflict', 'You have already reviewed this request.');
    };
    const { user } = await setUp(one(theirs, {}, { 'requests.review': refuse }));
    await focusWords();
    await user.keyboard('No');
    fireEvent.click(screen.getByRole('button', { name: 'Deny' }));
    expect((await screen.findByRole('alert')).textContent).toContain('already reviewed');
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message (optional)' }).value).toBe('No');
  });

  test('says why it cannot be reviewed', async () => {
    await setUp(one({ ...theirs, own: true, waiting: false }, { reviewBlocked: 'Nobody reviews an own request.' }));
    await screen.findByText('Nobody reviews an own request.');
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  test('that vanishes keeps its text and loses its buttons', async () => {
    let gone = false;
    const get = () => {
      if (gone) throw new AppError('not-found', 'This access request is gone.');
      return detailOf(theirs);
    };
    const { change } = await setUp(one(theirs, {}, { 'requests.get': get }));
    await screen.findByRole('region', { name: 'Your review' });
    gone = true;
    change({ revision: 2 });
    await screen.findByText(/This request is gone/);
    expect(screen.queryByRole('region', { name: 'Your review' })).toBeNull();
    screen.getByRole('heading', { name: /bob asks for db-admin/ });
  });

  test('a hostile reason is text, with what misleads made visible', async () => {
    const reason = `<img src=x onerror=alert(1)>\n\u202egnp.exe\u0007${'x'.repeat(4000)}`;
    await setUp(one({ ...theirs, reason }));
    const pane = within(await screen.findByRole('region', { name: 'Access request' }));
    await pane.findByText('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img[src="x"]')).toBeNull();
    expect(document.body.textContent).not.toMatch(/[\u202e\u0007]/);
  });

  test('thresholds tell how far it is', async () => {
    await setUp(one({ ...theirs, thresholds: [{ name: 'default', approve: 2, deny: 1, approvals: 1, denials: 0 }] }));
    await screen.findByText('1 of 2 approvals');
  });
});

describe('asking', () => {
  test('a dry run on each change, a reason where one is needed, then the request is followed', async () => {
    const dryRun = vi.fn(() => sampleDryRun);
    const created = sampleRequest(5, { own: true, waiting: false, state: 'pending', roles: ['db-admin'], resources: [] });
    const create = vi.fn(() => created);
    const { user, app, change } = await setUp({
      list: [created],
      overview: { basket: { roles: ['db-admin'], resources: [] } },
      calls: { 'requests.dry-run': dryRun, 'requests.create': create },
    });
    act(() => app.requests.setState({ asking: key }));
    await screen.findByText(/needs 2 approvals, lasts 12 h at most/);
    change({ basket: { roles: ['db-admin', 'prod-root'], resources: [] } });
    await waitFor(() => expect(dryRun).toHaveBeenCalledTimes(2));
    expect(screen.getByRole('button', { name: 'Send request' })).toHaveProperty('disabled', true);
    await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'INC-1{Control>}{Enter}{/Control}');
    await waitFor(() => expect(create).toHaveBeenCalledOnce());
    expect(create).toHaveBeenCalledWith(
      expect.objectContaining({
        draft: expect.objectContaining({ roles: ['db-admin', 'prod-root'], reason: 'INC-1', reviewers: ['carol', 'dave'] }),
      }),
      expect.anything(),
    );
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ request: created.id, scope: 'mine' }]));
  });

  test('a reason over 4,096 bytes is not sent', async () => {
    const { app } = await setUp({ list: [], overview: { basket: { roles: ['db-admin'], resources: [] } } });
    act(() => app.requests.setState({ asking: key }));
    fireEvent.change(await screen.findByRole('textbox', { name: 'Reason' }), { target: { value: 'ä'.repeat(2049) } });
    await screen.findByText(/2 bytes too long/);
    expect(screen.getByRole('button', { name: 'Send request' })).toHaveProperty('disabled', true);
  });

  test.each([
    ['chosen among those the cluster tells of', ['billing', 'default'], 'billing'],
    ['typed where it tells of none', null, 'own-one'],
  ] as const)(
    'a namespace is %s',
    async (_, told, wanted) => {
      const kube = sampleNamed(3, 'kube_cluster');
      const basket = vi.fn(() => null);
      const namespaces = vi.fn(() => (told === null ? null : [...told]));
      const { app, user } = await setUp({
        list: [],
        overview: { basket: { roles: [], resources: [kube] } },
        calls: { 'requests.basket': basket, 'requests.namespaces': namespaces },
      });
      act(() => app.requests.setState({ asking: key }));
      const field = await screen.findByPlaceholderText(/^All namespaces/);
      act(() => field.focus());
      await waitFor(() => expect(namespaces).toHaveBeenCalledWith({ cluster: key, kube: kube.id, search: '' }, expect.anything()));
      if (told) fireEvent.click(await screen.findByRole('option', { name: wanted, hidden: true }));
      else await user.keyboard(`${wanted}{Enter}`);
      const added = { ...kube, id: { ...kube.id, kind: 'namespace', subResource: wanted } };
      await waitFor(() => expect(basket).toHaveBeenCalledWith(expect.objectContaining({ change: 'add', resources: [added] }), expect.anything()));
      await waitFor(() => expect(basket).toHaveBeenCalledWith(expect.objectContaining({ change: 'remove', resources: [kube] }), expect.anything()));
    },
    60_000,
  );

  test('roles and resources do not mix without a question', async () => {
    const basket = vi.fn(() => null);
    const { addToBasket } = await import('../../workbench/request-actions.ts');
    const { app, user } = await setUp({
      list: [],
      overview: { basket: { roles: ['db-admin'], resources: [] } },
      calls: { 'requests.basket': basket },
    });
    const added = addToBasket(app, key, { resources: [sampleNamed(1)] });
    await user.click(await screen.findByRole('button', { name: 'Start anew' }));
    expect(await added).toBe(true);
    expect(basket).toHaveBeenCalledWith(expect.objectContaining({ change: 'replace', roles: [], resources: [sampleNamed(1)] }), expect.anything());
  });
});

describe('assumed access', () => {
  const assumed = () => ({ id: 'a', roles: ['db-admin'], resources: [], expires: Date.now() + 3 * 3_600_000, known: true });

  test('is shown with its end by the server’s clock, and dropped', async () => {
    const drop = vi.fn(() => null);
    const { user, change } = await setUp({ list: [], overview: { assumed: [assumed()] }, calls: { 'requests.drop': drop } });
    const banner = within(await screen.findByRole('region', { name: 'Assumed access' }));
    expect(banner.queryByRole('button', { name: 'Ask again' })).toBeNull();
    change({ clockOffset: 3 * 3_600_000 - 9 * 60_000 });
    await banner.findByText(/ends in (8|9) min/);
    banner.getByRole('button', { name: 'Ask again' });
    await user.click(banner.getByRole('button', { name: 'Drop' }));
    await waitFor(() => expect(drop).toHaveBeenCalledOnce());
  });

  test('several are marked and assumed together, by keys; what cannot be assumed is not marked', async () => {
    const approved = (at: number, id: string) =>
      sampleRequest(at, { id, own: true, waiting: false, state: 'approved', roles: [id], resources: [], assumeStart: null, expires: null });
    const list = [approved(0, 'auditor'), sampleRequest(1, { own: true, state: 'pending', waiting: false }), approved(2, 'dba')];
    const assume = vi.fn(() => null);
    const { user } = await setUp({ list, calls: { 'requests.assume': assume } });
    const grid = await screen.findByRole('grid', { name: 'Access requests' });
    await screen.findByText('3 requests');
    act(() => grid.focus());
    await user.keyboard('{ArrowDown}x{ArrowDown}x{ArrowDown}x');
    await within(await screen.findByRole('region', { name: 'Marked requests' })).findByText(/2 marked/);
    await user.keyboard('a');
    await waitFor(() => expect(assume).toHaveBeenCalledExactlyOnceWith({ cluster: key, ids: ['auditor', 'dba'] }, expect.anything()));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Marked requests' })).toBeNull());
  });

  test('a link of another cluster opens nothing', async () => {
    const { app, topics } = await setUp({ list: [] });
    act(() =>
      topics.commands.set({ serial: 1, command: 'requests.open', argument: JSON.stringify({ cluster: null, address: 'elsewhere:443', id: 'x' }) }),
    );
    await screen.findByText('The cluster is not known');
    expect(openDocuments(app.workspace.getState())).toMatchObject([{ request: '' }]);
  });

  test('a link opens its request, past the filters', async () => {
    const { app, topics } = await setUp({ list: [theirs], tab: { search: 'nothing', states: ['denied'] } });
    act(() =>
      topics.commands.set({
        serial: 1,
        command: 'requests.open',
        argument: JSON.stringify({ cluster: null, address: sampleCluster().address, id: theirs.id }),
      }),
    );
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ request: theirs.id, search: '', states: [] }]));
  });
});
