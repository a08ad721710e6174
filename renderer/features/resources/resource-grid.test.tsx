// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import { fakeResources } from '../../fakes/fake-resources.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleOverview } from '../../fakes/request-samples.ts';
import { sampleCluster, sampleResource } from '../../fakes/samples.ts';
import { resourcesTab } from '../../fakes/screens/resource-screens.ts';
import { requestable } from '../../state/requests.ts';

let dispose = () => {};
afterEach(() => dispose());

const { key } = sampleCluster();

async function setUp(calls: FakeWorld['calls'], world: FakeWorld = {}) {
  const made = await renderApp({
    clusters: [sampleCluster()],
    requests: { [key]: sampleOverview([]) },
    workspace: { documents: [resourcesTab()], active: 'r' },
    calls,
    ...world,
  });
  dispose = made.dispose;
  const grid = await screen.findByRole('grid', { name: 'Resources' });
  await waitFor(() => expect(grid.getAttribute('aria-busy')).toBe('false'));
  act(() => grid.focus());
  return { ...made, grid };
}

const serving = (...resources: Resource[]) => ({ 'resources.list': () => ({ resources, nextKey: '', skipped: 0 }) });
/** Servers that the login does not reach, but may ask for. */
const closed = (count: number) => Array.from({ length: count }, (_, index) => sampleResource(index, { kind: 'node', requiresRequest: true }));
const spoken = (grid: HTMLElement) => document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')?.textContent ?? '';
const marked = () => screen.queryByText(/^\d+ marked/)?.textContent?.match(/^\d+ marked/)?.[0];

describe('paging', () => {
  const many = Array.from({ length: 1000 }, (_, index) => sampleResource(index));

  test('draws what is in sight, and asks for the next page before it is reached', async () => {
    const list = vi.fn(fakeResources(many));
    const { user, grid } = await setUp({ 'resources.list': list });
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
    await screen.findByText('200+ resources');
    expect(list).toHaveBeenCalledTimes(1);
    await user.keyboard('{End}');
    await screen.findByText('400+ resources');
    expect(grid.getAttribute('aria-rowcount')).toBe('-1');
  });

  test('a page that fails leaves the rows, says why, and comes when it is asked for again', async () => {
    let isAway = true;
    const pages = fakeResources(many);
    const { user } = await setUp({
      'resources.list': (query) => {
        if (isAway && query.startKey !== '') throw new AppError('timeout', 'The cluster took too long.');
        return pages(query);
      },
    });
    await user.keyboard('{End}');
    expect((await screen.findByRole('alert')).textContent).toContain('The cluster took too long.');
    screen.getByText('200+ resources');
    isAway = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('400+ resources');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('what could not be understood is counted', async () => {
    await setUp({ 'resources.list': () => ({ resources: [sampleResource(0)], nextKey: '', skipped: 3 }) });
    await screen.findByText('3 could not be understood and are left out');
    screen.getByText('1 resource');
  });
});

describe('keys', () => {
  test('walk the rows; Space opens the details, which follow, and Escape closes them', async () => {
    const [first, second] = [sampleResource(0), sampleResource(1)];
    const { user, grid } = await setUp(serving(first, second));
    await user.keyboard('{ArrowDown} ');
    const details = within(await screen.findByRole('complementary', { name: 'Details' }));
    details.getByText(first.name);
    await user.keyboard('{ArrowDown}');
    expect(spoken(grid)).toContain(second.name);
    await details.findByText(second.name);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
    expect(document.activeElement).toBe(grid);
  });

  test('a new search takes the keyboard off its row', async () => {
    const { user, grid } = await setUp(serving(sampleResource(0), sampleResource(1)));
    await user.keyboard('{ArrowDown}');
    expect(spoken(grid)).not.toBe('');
    await user.keyboard('/');
    await user.keyboard('api');
    await waitFor(() => expect(spoken(grid)).toBe(''));
  });
});

describe('marks', () => {
  const basket = () => vi.fn(() => null);

  test('are set with X, gathered with R into one request, and gone then', async () => {
    const [first, second, third] = closed(3);
    if (!first || !second || !third) throw new Error('three are needed');
    const put = basket();
    const { user } = await setUp({ ...serving(first, second, third), 'requests.basket': put });
    await user.keyboard('{ArrowDown}x{ArrowDown}{ArrowDown}x');
    expect(marked()).toBe('2 marked');
    await user.keyboard('r');
    const resources = [requestable(first), requestable(third)];
    await waitFor(() => expect(put).toHaveBeenCalledExactlyOnceWith({ cluster: key, change: 'add', roles: [], resources }, expect.anything()));
    await waitFor(() => expect(marked()).toBeUndefined());
  });

  test('are set over a range with Shift and the arrows, or Shift and a click', async () => {
    const rows = closed(6);
    const { user } = await setUp(serving(...rows));
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(marked()).toBe('3 marked');
    const last = screen.getByRole('row', { name: new RegExp(rows[5]?.name ?? '') });
    fireEvent.click(last, { shiftKey: true });
    expect(marked()).toBe('6 marked');
    expect(last.getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Escape}');
    expect(marked()).toBeUndefined();
  });

  test('skip what the login reaches already', async () => {
    const { user } = await setUp(serving(sampleResource(0), ...closed(1)));
    await user.keyboard('{ArrowDown}x');
    expect(marked()).toBeUndefined();
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(marked()).toBe('1 marked');
  });

  test('R without marks gathers the row that the keyboard is on', async () => {
    const [only] = closed(1);
    if (!only) throw new Error('one is needed');
    const put = basket();
    const { user } = await setUp({ ...serving(only), 'requests.basket': put });
    await user.keyboard('{ArrowDown}r');
    await waitFor(() => expect(put).toHaveBeenCalledWith(expect.objectContaining({ resources: [requestable(only)] }), expect.anything()));
  });

  test('are kept when the basket does not take them', async () => {
    const refuse = () => {
      throw new AppError('disk', 'The disk is full.');
    };
    const { user } = await setUp({ ...serving(...closed(1)), 'requests.basket': refuse });
    await user.keyboard('{ArrowDown}xr');
    await screen.findByText('The disk is full.');
    expect(marked()).toBe('1 marked');
  });

  test('mean nothing where a cluster takes no requests for resources', async () => {
    const put = basket();
    const features = { reviews: true, resourceRequests: false, startTimes: true, explanation: '' };
    const { user } = await setUp({ ...serving(...closed(1)), 'requests.basket': put }, { requests: { [key]: sampleOverview([], { features }) } });
    await user.keyboard('{ArrowDown}xr');
    expect(put).not.toHaveBeenCalled();
  });
});

test('a double click opens what one login reaches; a single one shows the details', async () => {
  const server = sampleResource(1, { logins: ['ada'] });
  const { user } = await setUp(serving(server));
  const row = screen.getByRole('row', { name: new RegExp(server.name) });
  await user.click(row);
  await screen.findByRole('complementary', { name: 'Details' });
  expect(screen.queryByRole('tab', { name: /ada@/ })).toBeNull();
  fireEvent.doubleClick(row);
  await screen.findByRole('tab', { name: new RegExp(`ada@${server.name}`) });
});
