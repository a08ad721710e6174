// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { RequestsOverview } from '../../../../shared/model/access-request.ts';
import { renderPart } from '../../../fakes/render-part.tsx';
import { sampleNamed, sampleOverview } from '../../../fakes/request-samples.ts';
import { sampleCluster } from '../../../fakes/samples.ts';
import { BasketBar } from './basket-bar.tsx';

let dispose = () => {};
afterEach(() => dispose());

const { key } = sampleCluster();

async function setUp(basket: Partial<RequestsOverview['basket']>) {
  const change = vi.fn(() => null);
  const requests = { [key]: sampleOverview([], { basket: { roles: [], resources: [], ...basket } }) };
  const made = renderPart(<BasketBar cluster={key} />, { requests, calls: { 'requests.basket': change } });
  dispose = made.dispose;
  await waitFor(() => expect(made.app.requests.getState().overviews[key]).toBeDefined());
  return { ...made, change };
}

test('an empty basket has no bar', async () => {
  await setUp({});
  expect(screen.queryByRole('region')).toBeNull();
});

test('names the first five things, each with a way out', async () => {
  const { user, change } = await setUp({ resources: Array.from({ length: 7 }, (_, index) => sampleNamed(index)) });
  screen.getByRole('region', { name: 'Gathered for a request' });
  screen.getByText('and 2 more');
  await user.click(screen.getByRole('button', { name: `Remove ${sampleNamed(4).display}` }));
  await waitFor(() =>
    expect(change).toHaveBeenCalledWith({ cluster: key, change: 'remove', roles: [], resources: [sampleNamed(4)] }, expect.anything()),
  );
  expect(screen.queryByRole('button', { name: `Remove ${sampleNamed(5).display}` })).toBeNull();
});

test('is emptied at once', async () => {
  const { user, change } = await setUp({ roles: ['a', 'b'] });
  await user.click(screen.getByRole('button', { name: 'Clear' }));
  await waitFor(() => expect(change).toHaveBeenCalledWith({ cluster: key, change: 'replace', roles: [], resources: [] }, expect.anything()));
});

test('leads to the drawer, and is not shown beside it', async () => {
  const { user, app } = await setUp({ roles: ['a'] });
  await user.click(screen.getByRole('button', { name: 'Continue…' }));
  expect(app.requests.getState().asking).toBe(key);
  expect(screen.queryByRole('region')).toBeNull();
});
