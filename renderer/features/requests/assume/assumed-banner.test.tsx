// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AssumedRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import { renderPart } from '../../../fakes/render-part.tsx';
import { sampleOverview } from '../../../fakes/request-samples.ts';
import { sampleCluster } from '../../../fakes/samples.ts';
import { openDocuments } from '../../../state/tabs.ts';
import { AssumedBanner } from './assumed-banner.tsx';

let dispose = () => {};
afterEach(() => dispose());

const { key } = sampleCluster();
const hour = 3_600_000;
const minute = 60_000;
const assumed = (change: Partial<AssumedRequest> = {}): AssumedRequest => ({
  ...{ id: 'a', roles: ['db-admin'], resources: [], expires: Date.now() + 3 * hour, known: true },
  ...change,
});

async function setUp(overview: Partial<RequestsOverview>, { endingOnly = false, drop = vi.fn(() => null) } = {}) {
  const basket = vi.fn(() => null);
  const requests = { [key]: sampleOverview([], overview) };
  const banner = <AssumedBanner cluster={key} endingOnly={endingOnly} />;
  const made = renderPart(banner, { clusters: [sampleCluster()], requests, calls: { 'requests.drop': drop, 'requests.basket': basket } });
  dispose = made.dispose;
  await waitFor(() => expect(made.app.requests.getState().overviews[key]).toBeDefined());
  const change = (next: Partial<RequestsOverview>) =>
    act(async () => made.topics.requests.set({ [key]: sampleOverview([], { ...overview, ...next }) }));
  return { ...made, drop, basket, change };
}

const banner = () => screen.queryByRole('region', { name: 'Assumed access' });

test('without assumed access there is no banner', async () => {
  await setUp({});
  expect(banner()).toBeNull();
});

describe('assumed access', () => {
  test('is named with its end, and can be dropped', async () => {
    const { user, drop } = await setUp({ assumed: [assumed(), assumed({ id: 'b', roles: ['auditor'], expires: Date.now() + 5 * hour })] });
    expect(banner()?.textContent).toMatch(/db-admin, auditor · ends in (2|3) h/);
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Drop' }));
    await waitFor(() => expect(drop).toHaveBeenCalledExactlyOnceWith({ cluster: key, ids: null }, expect.anything()));
  });

  test('ends by the server’s clock: ten minutes before, the way to ask again appears', async () => {
    const { user, change, basket, app } = await setUp({ assumed: [assumed()] });
    await change({ clockOffset: 3 * hour - 9 * minute });
    expect((await screen.findByRole('alert')).textContent).toMatch(/ends in (8|9) min/);
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    await waitFor(() => expect(app.requests.getState().asking).toBe(key));
    expect(basket).toHaveBeenCalledWith({ cluster: key, change: 'replace', roles: ['db-admin'], resources: [] }, expect.anything());
  });

  test('is shown as a request where there is one alone', async () => {
    const { user, app } = await setUp({ assumed: [assumed()] });
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'requests', request: 'a', scope: 'all' }]);
  });

  test('that the cluster does not know any more is to be dropped', async () => {
    await setUp({ assumed: [assumed({ known: false })] });
    expect(banner()?.textContent).toContain('drop it, or your login cannot be renewed');
    expect(screen.queryByRole('button', { name: 'Show' })).toBeNull();
  });

  test('that cannot be dropped stays, and says why', async () => {
    const drop = vi.fn(() => {
      throw new AppError('unreachable', 'Nobody answers.');
    });
    const { user, app } = await setUp({ assumed: [assumed()] }, { drop });
    await user.click(screen.getByRole('button', { name: 'Drop' }));
    await waitFor(() =>
      expect(app.notifications.getState().notices).toMatchObject([{ title: 'The access could not be dropped', text: 'Nobody answers.' }]),
    );
    expect(screen.getByRole('button', { name: 'Drop' })).toHaveProperty('disabled', false);
  });
});

test('of a cluster that no tab in front belongs to, only what is about to end is shown', async () => {
  const { change } = await setUp({ assumed: [assumed()] }, { endingOnly: true });
  expect(banner()).toBeNull();
  await change({ clockOffset: 3 * hour - 5 * minute });
  await screen.findByRole('region', { name: 'Assumed access' });
});
