// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { AccessRequest, RequestsOverview } from '../../../../shared/model/access-request.ts';
import { renderPart } from '../../../fakes/render-part.tsx';
import { sampleOverview } from '../../../fakes/request-samples.ts';
import type { Paged } from '../../../ui/list/paged-store.ts';
import { RequestsFooter } from './requests-footer.tsx';

let dispose = () => {};
afterEach(() => dispose());

const ready: Paged<AccessRequest> = { status: 'ready', slots: [], count: 1234, complete: true, skipped: 0, error: null };
const cluster = 'ada@teleport.example.com:443';

function setUp(pages: Partial<Paged<AccessRequest>>, overview: Partial<RequestsOverview> = {}) {
  const onRetry = vi.fn();
  const refresh = vi.fn(() => null);
  const footer = <RequestsFooter pages={{ ...ready, ...pages }} overview={sampleOverview([], overview)} cluster={cluster} onRetry={onRetry} />;
  const made = renderPart(footer, { calls: { 'requests.refresh': refresh } });
  dispose = made.dispose;
  return { ...made, onRetry, refresh };
}

test.each([
  [{ count: 1 }, '1 request'],
  [{ count: 1234 }, '1,234 requests'],
  [{ status: 'loading' }, 'Loading…'],
] as const)('%j is told as “%s”', (pages, text) => {
  setUp(pages);
  screen.getByText(text);
});

test.each([
  ['live', 'Live'],
  ['own', /Your own requests are live/],
  ['unwatched', /read every 30 seconds/],
  ['interrupted', /interrupted/],
] as const)('a list that is %s says how fresh it is', (connection, text) => {
  setUp({}, { connection });
  screen.getByText(text);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a cluster that is away: why, and the way to ask it again', async () => {
  const { user, refresh, onRetry } = setUp({}, { connection: 'offline', problem: { code: 'unreachable', message: 'Nobody answers there.' } });
  expect(screen.getByRole('alert').textContent).toContain('Nobody answers there.');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(refresh).toHaveBeenCalledWith({ cluster }, expect.anything());
  expect(onRetry).toHaveBeenCalledOnce();
});

test('a cluster that is away and does not say why: the list may be old', () => {
  setUp({}, { connection: 'offline' });
  expect(screen.getByRole('alert').textContent).toContain('The list may be old');
});

test('a page that could not be read comes before a cluster that is away, and is read again', async () => {
  const problem = { code: 'unreachable', message: 'Nobody answers there.' } as const;
  const { user, onRetry } = setUp({ error: { code: 'internal', message: 'No such page.' } }, { connection: 'offline', problem });
  expect(screen.getByRole('alert').textContent).toContain('No such page.');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledOnce();
});
