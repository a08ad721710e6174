// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AccessRequest, AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import { detailOf } from '../../../fakes/fake-inbox.ts';
import { type InboxWorld, inboxCluster, logIn, loginThat, oneOpen, renderInbox, theirs } from '../../../fakes/render-inbox.tsx';
import { requestsTab } from '../../../fakes/screens/requests-screens.ts';

let dispose = () => {};
afterEach(() => dispose());

async function setUp(world: InboxWorld) {
  const made = await renderInbox(world);
  dispose = made.dispose;
  return made;
}

const message = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message (optional)' });
/** Without a click: the panes take clicks at their edge for themselves, and here everything is at the edge. */
async function write(user: { keyboard(text: string): Promise<void> }, text: string) {
  const field = await message();
  act(() => field.focus());
  await user.keyboard(text);
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

const approveKeys = '{Control>}{Enter}{/Control}';
const denyKeys = '{Control>}{Shift>}{Enter}{/Shift}{/Control}';
const promoteKeys = '{Control>}{Alt>}{Enter}{/Alt}{/Control}';

const promotions = [
  { name: 'first', title: 'Database people' },
  { name: 'second', title: 'Everybody' },
];

describe('a review', () => {
  test('approves by keys, with a message, and says that it was sent', async () => {
    const review = vi.fn(() => theirs);
    const { user } = await setUp(oneOpen(theirs, {}, { 'requests.review': review }));
    await write(user, `Until noon${approveKeys}`);
    await screen.findByText('You approved the request of bob.');
    expect(review).toHaveBeenCalledExactlyOnceWith(
      { cluster: inboxCluster, id: theirs.id, decision: 'approve', reason: 'Until noon', assumeStart: null },
      expect.anything(),
    );
    expect((await message()).value).toBe('');
  });

  test.each([
    ['denies', denyKeys, 'requests.review', { decision: 'deny', reason: 'No' }],
    ['promotes to the first list', promoteKeys, 'requests.promote', { accessList: 'first', reason: 'No' }],
  ] as const)('%s by keys', async (_, keys, call, sent) => {
    const answer = vi.fn(() => theirs);
    const { user } = await setUp(oneOpen(theirs, { promotions }, { [call]: answer }));
    await write(user, `No${keys}`);
    await waitFor(() => expect(answer).toHaveBeenCalledExactlyOnceWith(expect.objectContaining(sent), expect.anything()));
  });

  test('promotes to the list that was chosen', async () => {
    const promote = vi.fn(() => theirs);
    const { user } = await setUp(oneOpen(theirs, { promotions }, { 'requests.promote': promote }));
    const lists = await screen.findByRole('combobox', { name: 'Access list for long-term access' });
    act(() => lists.focus());
    await user.keyboard('{ArrowDown}');
    fireEvent.click(await screen.findByRole('option', { name: 'For long: Everybody', hidden: true }));
    press('Promote');
    await waitFor(() => expect(promote).toHaveBeenCalledWith(expect.objectContaining({ accessList: 'second' }), expect.anything()));
  });

  test('cannot promote where the cluster suggests no list', async () => {
    const promote = vi.fn(() => theirs);
    const { user } = await setUp(oneOpen(theirs, {}, { 'requests.promote': promote }));
    await write(user, promoteKeys);
    expect(screen.queryByRole('button', { name: 'Promote' })).toBeNull();
    expect(promote).not.toHaveBeenCalled();
  });

  test('gives another start by the server’s clock; a denial has none', async () => {
    const review = vi.fn(() => theirs);
    const clockOffset = 5 * 60_000;
    await setUp({ ...oneOpen(theirs, {}, { 'requests.review': review }), overview: { clockOffset } });
    const start = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    fireEvent.click(await screen.findByRole('combobox', { name: 'Access starts' }));
    const [, firstHour] = await screen.findAllByRole('option', { hidden: true });
    if (!firstHour) throw new Error('no start on offer');
    fireEvent.click(firstHour);
    press('Approve');
    await waitFor(() => expect(review).toHaveBeenCalledWith(expect.objectContaining({ assumeStart: start + clockOffset }), expect.anything()));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Deny' })).toHaveProperty('disabled', false));
    press('Deny');
    await waitFor(() => expect(review).toHaveBeenLastCalledWith(expect.objectContaining({ decision: 'deny', assumeStart: null }), expect.anything()));
  });

  test('is sent once, however often it is asked for meanwhile', async () => {
    const review = vi.fn(() => new Promise<AccessRequest>(() => {}));
    const { user } = await setUp(oneOpen(theirs, {}, { 'requests.review': review }));
    await write(user, approveKeys);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Deny' })).toHaveProperty('disabled', true));
    await user.keyboard(`${approveKeys}${denyKeys}`);
    expect(review).toHaveBeenCalledOnce();
  });

  test('with a message that a cluster would not keep cannot be sent', async () => {
    const review = vi.fn(() => theirs);
    const { user } = await setUp(oneOpen(theirs, {}, { 'requests.review': review }));
    fireEvent.change(await message(), { target: { value: 'x'.repeat(4097) } });
    await screen.findByText(/1 bytes too long/);
    await write(user, approveKeys);
    expect(screen.getByRole('button', { name: 'Approve' })).toHaveProperty('disabled', true);
    expect(review).not.toHaveBeenCalled();
  });
});

describe('a refusal', () => {
  const refusing = (code: 'conflict' | 'second-factor-required', text: string) => ({
    'requests.review': () => {
      throw new AppError(code, text);
    },
  });

  test('is in the server’s words, and what was typed stays', async () => {
    const { user } = await setUp(oneOpen(theirs, {}, refusing('conflict', 'You have already reviewed this request.')));
    await write(user, 'No');
    press('Deny');
    expect((await screen.findByRole('alert')).textContent).toContain('already reviewed');
    expect((await message()).value).toBe('No');
  });

  test('that wants a second factor says that first', async () => {
    await setUp(oneOpen(theirs, {}, refusing('second-factor-required', 'Use tsh for it.')));
    await message();
    press('Approve');
    expect((await screen.findByRole('alert')).textContent).toBe('The cluster wants a second factor for this. Use tsh for it.');
  });

  test('because somebody else was quicker reads the request again and takes the form away', async () => {
    let decided = false;
    const after: AccessRequestDetail = { ...detailOf({ ...theirs, state: 'denied', waiting: false }), reviewBlocked: 'It is decided already.' };
    await setUp(
      oneOpen(
        theirs,
        {},
        {
          'requests.get': () => (decided ? after : detailOf(theirs)),
          'requests.review': () => {
            decided = true;
            throw new AppError('conflict', 'This request was denied a moment ago.');
          },
        },
      ),
    );
    await message();
    press('Approve');
    await screen.findByText('It is decided already.');
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  test('because the login is over: one login, then the review goes out by itself', async () => {
    let isOver = true;
    const review = vi.fn(() => {
      if (isOver) throw new AppError('expired', 'Over.');
      return theirs;
    });
    const { user } = await setUp({
      ...oneOpen(theirs, {}, { 'requests.review': review }),
      world: { login: loginThat(() => (isOver = false)) },
    });
    await message();
    press('Approve');
    await screen.findByText(/Log in .*to send your review/);
    await logIn(user);
    await screen.findByText('You approved the request of bob.');
    expect(review).toHaveBeenCalledTimes(2);
  });
});

describe('two reviewers', () => {
  test('at once: what the other said appears beside what this one types, which stays', async () => {
    let detail = detailOf({ ...theirs, thresholds: [{ name: 'default', approve: 2, deny: 1, approvals: 0, denials: 0 }] });
    const { user, change } = await setUp(oneOpen(theirs, {}, { 'requests.get': () => detail }));
    await write(user, 'I am not su');
    const review = { author: 'carol', state: 'approved' as const, reason: 'I know why.', created: Date.now(), assumeStart: null, accessList: '' };
    const thresholds = [{ name: 'default', approve: 2, deny: 1, approvals: 1, denials: 0 }];
    detail = detailOf({ ...theirs, reviews: [review], thresholds });
    change({ revision: 2 });
    const thread = within(await screen.findByRole('region', { name: 'Reviews' }));
    await thread.findByText('I know why.');
    thread.getByText('1 of 2 approvals');
    await user.keyboard('re');
    expect((await message()).value).toBe('I am not sure');
  });

  test('the second finds the form gone when the first has decided, and the title has the focus', async () => {
    let detail = detailOf(theirs);
    const { user, change } = await setUp(oneOpen(theirs, {}, { 'requests.get': () => detail }));
    await write(user, 'Well');
    detail = detailOf({ ...theirs, state: 'approved', waiting: false });
    change({ revision: 2 });
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Your review' })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: /bob asks for db-admin/ })));
  });
});

test('half-typed words outlive the pane', async () => {
  const { user, app } = await setUp(oneOpen(theirs));
  await write(user, 'Half a th');
  const show = (request: string) => act(() => app.workspace.getState().update(requestsTab({ request })));
  show('');
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Access request' })).toBeNull());
  show(theirs.id);
  expect((await message()).value).toBe('Half a th');
});

test('says why a request cannot be reviewed', async () => {
  await setUp(oneOpen({ ...theirs, own: true, waiting: false }, { reviewBlocked: 'Nobody reviews an own request.' }));
  await screen.findByText('Nobody reviews an own request.');
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
});
