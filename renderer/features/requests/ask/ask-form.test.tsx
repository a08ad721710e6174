// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { sampleCapabilities, sampleDryRun } from '../../../fakes/fake-inbox.ts';
import { type InboxWorld, inboxCluster, logIn, loginThat, renderInbox } from '../../../fakes/render-inbox.tsx';
import { sampleNamed, sampleRequest } from '../../../fakes/request-samples.ts';

let dispose = () => {};
afterEach(() => dispose());

const forRoles = { basket: { roles: ['db-admin'], resources: [] } };
const forServers = { basket: { roles: [], resources: [sampleNamed(1), sampleNamed(2)] } };
const created = sampleRequest(5, { own: true, waiting: false, state: 'pending', roles: ['db-admin'], resources: [] });

/** The drawer, open. */
async function setUp(world: InboxWorld = {}) {
  const made = await renderInbox({ list: [], overview: forRoles, ...world });
  dispose = made.dispose;
  act(() => made.app.requests.setState({ asking: inboxCluster }));
  await screen.findByRole('form', { name: 'Access request' });
  return made;
}

const reason = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Reason' });
/** Without a click: panes take clicks at their edge for themselves, and here everything is at the edge. */
async function write(user: { keyboard(text: string): Promise<void> }, text: string) {
  const field = await reason();
  act(() => field.focus());
  await user.keyboard(text);
}
const sendButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send request' });
const noReason = { ...sampleDryRun, reasonRequired: false };

/** The choices of a drop-down, which is opened. */
async function choicesOf(name: string) {
  const field = await screen.findByRole('combobox', { name });
  fireEvent.click(field);
  return waitFor(() => {
    const list = document.getElementById(field.getAttribute('aria-controls') ?? '');
    if (!list) throw new Error(`${name} is not open`);
    return within(list).getAllByRole('option', { hidden: true });
  });
}

/** Chooses from a drop-down by its label, an option by its text or by its place. */
async function choose(name: string, wanted: string | number) {
  const choices = await choicesOf(name);
  const choice = choices.find(({ textContent }, index) => wanted === textContent || wanted === index);
  if (!choice) throw new Error(`${name} has ${choices.map(({ textContent }) => textContent).join(', ')}, not ${wanted}`);
  fireEvent.click(choice);
}

describe('asking for roles', () => {
  test('a dry run on each change, a reason where one is needed, then the request is followed', async () => {
    const dryRun = vi.fn(() => sampleDryRun);
    const create = vi.fn(() => created);
    const { user, change, tabNow } = await setUp({ list: [created], calls: { 'requests.dry-run': dryRun, 'requests.create': create } });
    await screen.findByText(/needs 2 approvals, lasts 12 h at most/);
    change({ basket: { roles: ['db-admin', 'prod-root'], resources: [] } });
    await waitFor(() => expect(dryRun).toHaveBeenCalledTimes(2));
    expect(sendButton().disabled).toBe(true);
    screen.getByText('A reason is needed.');
    await write(user, 'INC-1{Control>}{Enter}{/Control}');
    await waitFor(() => expect(create).toHaveBeenCalledOnce());
    expect(create).toHaveBeenCalledWith(
      expect.objectContaining({
        draft: expect.objectContaining({ roles: ['db-admin', 'prod-root'], reason: 'INC-1', reviewers: ['carol', 'dave'] }),
      }),
      expect.anything(),
    );
    await waitFor(() => expect(tabNow()).toMatchObject({ request: created.id, scope: 'mine' }));
    expect(screen.queryByRole('form', { name: 'Access request' })).toBeNull();
  });

  test('the basket is empty afterwards, and the draft forgotten', async () => {
    const basket = vi.fn(() => null);
    const { user, app } = await setUp({ calls: { 'requests.create': () => created, 'requests.basket': basket } });
    await write(user, 'INC-1');
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    fireEvent.click(sendButton());
    await screen.findByText('Request sent');
    expect(basket).toHaveBeenLastCalledWith({ cluster: inboxCluster, change: 'replace', roles: [], resources: [] }, expect.anything());
    expect(app.requests.getState().asks).toEqual({});
  });

  test('with nothing chosen, nothing is asked of the cluster', async () => {
    const dryRun = vi.fn(() => sampleDryRun);
    await setUp({ overview: {}, calls: { 'requests.dry-run': dryRun } });
    screen.getByText('Choose what to ask for.');
    expect(screen.queryByRole('textbox', { name: 'Reason' })).toBeNull();
    expect(dryRun).not.toHaveBeenCalled();
  });

  test('a cluster without reviews takes no reviewers', async () => {
    const create = vi.fn(() => created);
    const features = { reviews: false, resourceRequests: false, startTimes: false, explanation: 'An administrator decides.' };
    const { user } = await setUp({ overview: { ...forRoles, features }, calls: { 'requests.create': create, 'requests.dry-run': () => noReason } });
    await screen.findByText(/lasts 12 h at most/);
    screen.getByText('An administrator decides.', { selector: 'form p' });
    expect(screen.queryByLabelText('Reviewers')).toBeNull();
    expect(screen.queryByRole('combobox', { name: 'Start' })).toBeNull();
    await write(user, '{Control>}{Enter}{/Control}');
    await waitFor(() => expect(create).toHaveBeenCalledOnce());
    expect(create).toHaveBeenCalledWith(expect.objectContaining({ draft: expect.objectContaining({ reviewers: [] }) }), expect.anything());
  });

  test('reviewers are those that the cluster suggests, until somebody chooses others', async () => {
    const { user, app } = await setUp();
    await screen.findByText('carol');
    await user.click(screen.getByLabelText('Remove all reviewers'));
    expect(app.requests.getState().asks[inboxCluster]?.reviewers).toEqual([]);
    screen.getByPlaceholderText('Anybody who may review');
  });
});

describe('asking for resources', () => {
  test('goes by the roles that are kept; all of them are left to the cluster', async () => {
    const dryRun = vi.fn(() => noReason);
    const { user } = await setUp({ overview: forServers, calls: { 'requests.dry-run': dryRun } });
    screen.getByText('2 resources');
    await user.click(await screen.findByRole('checkbox', { name: 'prod-root' }));
    const asked = (roles: string[]) =>
      expect.objectContaining({ draft: expect.objectContaining({ roles, resources: forServers.basket.resources.map(({ id }) => id) }) });
    await waitFor(() => expect(dryRun).toHaveBeenLastCalledWith(asked(['access-prod']), expect.anything()));
    expect(screen.getByRole('checkbox', { name: 'access-prod' })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('checkbox', { name: 'prod-root' }));
    await waitFor(() => expect(dryRun).toHaveBeenLastCalledWith(asked([]), expect.anything()));
  });

  test('where the cluster takes none, says so and asks for nothing', async () => {
    const dryRun = vi.fn(() => sampleDryRun);
    const features = { reviews: true, resourceRequests: false, startTimes: true, explanation: '' };
    await setUp({ overview: { ...forServers, features }, calls: { 'requests.dry-run': dryRun } });
    screen.getByText('This cluster takes no requests for resources.');
    expect(sendButton().disabled).toBe(true);
    expect(dryRun).not.toHaveBeenCalled();
  });
});

describe('times', () => {
  test('a shorter access, a longer wait and shorter sessions go into the request', async () => {
    const create = vi.fn(() => created);
    const { user } = await setUp({ calls: { 'requests.create': create, 'requests.dry-run': () => noReason } });
    await screen.findByText(/lasts 12 h at most/);
    await choose('For', '2 h');
    await user.click(screen.getByRole('button', { name: 'More options' }));
    await choose('The request waits', '1 day');
    await choose('Sessions last', '4 h');
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    fireEvent.click(sendButton());
    const hour = 3_600_000;
    await waitFor(() =>
      expect(create).toHaveBeenCalledWith(
        expect.objectContaining({ draft: expect.objectContaining({ duration: 2 * hour, requestTtl: 24 * hour, sessionTtl: 4 * hour }) }),
        expect.anything(),
      ),
    );
  });

  test('what the server granted at first stays on offer after a shorter one was chosen', async () => {
    let asked = 0;
    const dryRun = () => ({ ...noReason, maxDuration: asked++ === 0 ? 12 * 3_600_000 : 2 * 3_600_000 });
    await setUp({ calls: { 'requests.dry-run': dryRun } });
    await screen.findByText(/lasts 12 h at most/);
    await choose('For', '2 h');
    await screen.findByText(/lasts 2 h at most/);
    expect((await choicesOf('For')).map(({ textContent }) => textContent)).toContain('12 h (maximum)');
  });

  test('a start goes out by the server’s clock, to the minute', async () => {
    const create = vi.fn(() => created);
    const clockOffset = 90_000;
    await setUp({ overview: { ...forRoles, clockOffset }, calls: { 'requests.create': create, 'requests.dry-run': () => noReason } });
    await screen.findByText(/lasts 12 h at most/);
    const firstHour = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    await choose('Start', 1);
    await waitFor(() => expect(sendButton().disabled).toBe(false));
    fireEvent.click(sendButton());
    const assumeStart = Math.round((firstHour + clockOffset) / 60_000) * 60_000;
    await waitFor(() =>
      expect(create).toHaveBeenCalledWith(expect.objectContaining({ draft: expect.objectContaining({ assumeStart }) }), expect.anything()),
    );
  });
});

describe('what is in the way', () => {
  test('a reason over 4,096 bytes is not sent', async () => {
    await setUp();
    fireEvent.change(await reason(), { target: { value: 'ä'.repeat(2049) } });
    await screen.findByText(/2 bytes too long/);
    expect(sendButton().disabled).toBe(true);
  });

  test('the server’s refusal of the draft, in its words; the next answer takes it away', async () => {
    let refuses = true;
    const dryRun = () => {
      if (refuses) throw new AppError('access-denied', 'Nobody may ask for db-admin.');
      return sampleDryRun;
    };
    const { change } = await setUp({ calls: { 'requests.dry-run': dryRun } });
    await screen.findByText('Nobody may ask for db-admin.');
    refuses = false;
    change({ basket: { roles: ['prod-root'], resources: [] } });
    await screen.findByText(/The cluster would grant it/);
    expect(screen.queryByText('Nobody may ask for db-admin.')).toBeNull();
  });

  test('the server’s refusal of the request: everything typed stays', async () => {
    const create = () => {
      throw new AppError('access-denied', 'No more requests today.');
    };
    const { user } = await setUp({ calls: { 'requests.create': create } });
    await write(user, 'INC-1{Control>}{Enter}{/Control}');
    await screen.findByText('No more requests today.');
    expect((await reason()).value).toBe('INC-1');
    expect(sendButton().disabled).toBe(false);
  });

  test('a cluster that does not say what may be asked for', async () => {
    const capabilities = () => {
      throw new AppError('unreachable', 'Nobody answers.');
    };
    await setUp({ calls: { 'requests.capabilities': capabilities } });
    await screen.findByText('Nobody answers.');
  });

  test('a login that is over: one login, then the request goes out by itself', async () => {
    let isOver = true;
    const create = vi.fn(() => {
      if (isOver) throw new AppError('expired', 'Over.');
      return created;
    });
    const { user } = await setUp({ calls: { 'requests.create': create }, world: { login: loginThat(() => (isOver = false)) } });
    await write(user, 'INC-1{Control>}{Enter}{/Control}');
    await screen.findByText(/Log in .*to send the request/);
    await logIn(user);
    await screen.findByText('Request sent');
    expect(create).toHaveBeenCalledTimes(2);
  });
});

test('a draft is kept when the drawer closes, and there again when it opens', async () => {
  const { user, app } = await setUp();
  await write(user, 'Half a th');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(screen.queryByRole('form', { name: 'Access request' })).toBeNull());
  act(() => app.requests.setState({ asking: inboxCluster }));
  expect((await reason()).value).toBe('Half a th');
});

test('what an administrator wants to know stands with the reason, from the capabilities until the dry run says more', async () => {
  const capabilities = () => ({ ...sampleCapabilities, reasonRequired: true, reasonPrompt: 'Which ticket?' });
  const dryRun = () => ({ ...sampleDryRun, reasonPrompts: [] });
  await setUp({ calls: { 'requests.capabilities': capabilities, 'requests.dry-run': dryRun } });
  await screen.findByText('Which ticket?');
});
