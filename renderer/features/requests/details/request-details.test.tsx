// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AccessRequest, AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import { detailOf } from '../../../fakes/fake-inbox.ts';
import { type InboxWorld, oneOpen, renderInbox, theirs } from '../../../fakes/render-inbox.tsx';
import { sampleNamed } from '../../../fakes/request-samples.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(world: InboxWorld) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  return made;
}

const pane = async () => within(await screen.findByRole('region', { name: 'Access request' }));
const hour = 3_600_000;

async function shown(request: Partial<AccessRequest>, detail: Partial<AccessRequestDetail> = {}) {
  const made = await setUp(oneOpen({ ...theirs, ...request }, detail));
  const inside = await pane();
  await inside.findByText('Reason');
  return { ...made, inside };
}

describe('says', () => {
  test('who asks for what, why, and for how long', async () => {
    const created = Date.now();
    const { inside } = await shown({ reason: 'The queue is stuck', created, expires: created + 4 * hour, assumeStart: null });
    inside.getByRole('heading', { name: 'bob asks for db-admin' });
    inside.getByText('The queue is stuck');
    inside.getByText('4 h');
    inside.getByText('At once');
  });

  test('“You ask” of an own request, and that no reason was given', async () => {
    const { inside } = await shown({ own: true, waiting: false, reason: '' });
    inside.getByRole('heading', { name: 'You ask for db-admin' });
    inside.getByText('None given');
  });

  test('that access opens later, and by an access list for long', async () => {
    const { inside } = await shown({ assumeStart: Date.now() + 3 * hour + 60_000, longTerm: true });
    inside.getByText(/\(in 3 h/);
    inside.getByText('A long time, by an access list');
  });

  test('each resource with its kind; of many, the rest on demand', async () => {
    const resources = [
      ...Array.from({ length: 19 }, (_, index) => sampleNamed(index)),
      { id: { ...sampleNamed(1, 'kube_cluster').id, kind: 'namespace', subResource: 'billing' }, display: 'prod' },
    ];
    const { user, inside } = await shown({ resources, roles: ['access'] });
    inside.getByText('20 resources');
    expect(inside.getAllByText('Server')).toHaveLength(12);
    expect(inside.queryByText('prod / billing')).toBeNull();
    const button = inside.getByRole('button', { name: 'Show all 20' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    inside.getByText('prod / billing');
    inside.getByText('Kubernetes namespace');
    await user.click(inside.getByRole('button', { name: 'Show fewer' }));
    expect(inside.queryByText('prod / billing')).toBeNull();
  });

  test('what its roles give', async () => {
    const grants = [{ role: 'db-admin', logins: ['postgres', '{{internal.logins}}'], description: 'Order databases' }];
    const { inside } = await shown({}, { grants });
    const given = within(inside.getByRole('region', { name: 'What the roles give' }));
    given.getByText('Order databases');
    given.getByText('postgres, the user’s own logins');
  });
});

describe('the thread', () => {
  const review = { author: 'carol', state: 'approved' as const, reason: 'Fine.', created: Date.now() - hour, assumeStart: null, accessList: '' };

  test('tells how far it is, each threshold by its name where there are several', async () => {
    const thresholds = [
      { name: 'default', approve: 2, deny: 1, approvals: 1, denials: 0 },
      { name: 'managers', approve: 1, deny: 2, approvals: 0, denials: 1 },
    ];
    const { inside } = await shown({ thresholds });
    inside.getByText('default: 1 of 2 approvals');
    inside.getByText('managers: 0 of 1 approval');
    inside.getByText('1 of 2 denials');
  });

  test('tells what each reviewer said, and the decision once', async () => {
    const { inside } = await shown({ state: 'approved', waiting: false, reviewers: [], reviews: [review], resolveReason: 'Fine.' });
    inside.getByText('carol');
    expect(inside.getAllByText('Fine.')).toHaveLength(1);
  });

  test('tells the reason of a decision that no reviewer made', async () => {
    const { inside } = await shown({ state: 'denied', waiting: false, reviews: [], resolveReason: 'By the administrator' });
    inside.getByText('By the administrator');
  });

  test('names the list that long-term access comes from', async () => {
    const promoted = { ...review, state: 'promoted' as const, accessList: 'Billing on call', reason: '' };
    const { inside } = await shown({ state: 'promoted', waiting: false, reviews: [promoted], accessList: 'Billing on call' });
    expect(inside.getAllByText('Billing on call')).toHaveLength(2);
    inside.getByText(/Promoted to long-term access/);
  });
});

describe('a request', () => {
  test('that vanishes keeps its text and loses its buttons', async () => {
    let gone = false;
    const get = () => {
      if (gone) throw new AppError('not-found', 'This access request is gone.');
      return detailOf(theirs);
    };
    const { change } = await setUp(oneOpen(theirs, {}, { 'requests.get': get }));
    await screen.findByRole('region', { name: 'Your review' });
    gone = true;
    change({ revision: 2 });
    await screen.findByText(/This request is gone/);
    expect(screen.queryByRole('region', { name: 'Your review' })).toBeNull();
    screen.getByRole('heading', { name: /bob asks for db-admin/ });
  });

  test('that was never there, or is not this person’s to see, is gone', async () => {
    await setUp({ list: [theirs], tab: { request: 'unknown' } });
    (await pane()).getByText('Access request');
    await screen.findByText('This request is gone');
  });

  test('that cannot be read is tried again', async () => {
    let isAway = true;
    const get = () => {
      if (isAway) throw new AppError('unreachable', 'Nobody answers.');
      return detailOf(theirs);
    };
    const { user } = await setUp(oneOpen(theirs, {}, { 'requests.get': get }));
    await (await pane()).findByText('Nobody answers.');
    isAway = false;
    await user.click((await pane()).getByRole('button', { name: 'Try again' }));
    await screen.findByRole('region', { name: 'Your review' });
  });

  test('whose cluster goes away stays, with a warning that it may be old', async () => {
    let isAway = false;
    const get = () => {
      if (isAway) throw new AppError('unreachable', 'Nobody answers.');
      return detailOf(theirs);
    };
    const { change } = await setUp(oneOpen(theirs, {}, { 'requests.get': get }));
    await screen.findByRole('region', { name: 'Your review' });
    isAway = true;
    change({ connection: 'offline' });
    await screen.findByText(/What you see may be old/);
    screen.getByRole('region', { name: 'Your review' });
    isAway = false;
    change({ connection: 'live' });
    await waitFor(() => expect(screen.queryByText(/What you see may be old/)).toBeNull());
  });

  test('is closed with its button, and the list gets the keys', async () => {
    const { user, tabNow } = await setUp(oneOpen(theirs));
    await user.click(await screen.findByRole('button', { name: 'Close request' }));
    expect(tabNow()).toMatchObject({ request: '' });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Access requests' })));
  });
});

test('a hostile reason is text, with what misleads made visible', async () => {
  const reason = `<img src=x onerror=alert(1)>\n\u202egnp.exe\u0007${'x'.repeat(4000)}`;
  const { inside } = await shown({ reason });
  inside.getByText('<img src=x onerror=alert(1)>');
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(document.body.textContent).not.toMatch(/[\u202e\u0007]/);
});
