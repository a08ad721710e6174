// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { RequestsOverview } from '../../../shared/model/access-request.ts';
import { inboxCluster, renderInbox } from '../../fakes/render-inbox.tsx';
import { sampleOverview } from '../../fakes/request-samples.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';

let dispose = () => {};
afterEach(() => dispose());

const none: RequestsOverview['counts'] = { total: 0, waiting: 0, pending: 0, approved: 0, reviewed: 0 };
const other = sampleCluster({ key: 'ada@other.example.com:443', address: 'other.example.com:443', name: 'other.example.com' });

async function setUp(counts: Partial<RequestsOverview['counts']>, elsewhere = 0) {
  const made = await renderInbox({
    overview: { counts: { ...none, ...counts } },
    world: {
      clusters: [sampleCluster(), other],
      requests: {
        [inboxCluster]: sampleOverview([], { counts: { ...none, ...counts } }),
        [other.key]: sampleOverview([], { cluster: other.key, counts: { ...none, waiting: elsewhere } }),
      },
    },
  });
  dispose = made.dispose;
  return made;
}

const button = (name: string) => screen.findByRole('button', { name });

test('counts what waits on all clusters', async () => {
  const { change } = await setUp({ waiting: 1 });
  await button('Access requests: 1 waits for your review');
  change({ counts: { ...none, waiting: 3 } });
  await button('Access requests: 3 wait for your review');
  change({ counts: none });
  await button('Access requests');
});

test('leads to what waits here, and on other clusters', async () => {
  const { user, app, tabNow } = await setUp({ waiting: 1, pending: 2, approved: 1 }, 4);
  await user.click(await button('Access requests: 5 wait for your review'));
  expect((await screen.findByRole('menuitem', { name: /Your requests/ })).textContent).toContain('2 pending, 1 approved');
  await user.click(screen.getByRole('menuitem', { name: /Waiting for your review/ }));
  await waitFor(() => expect(tabNow()).toMatchObject({ scope: 'waiting' }));
  await user.click(await button('Access requests: 5 wait for your review'));
  await user.click(await screen.findByRole('menuitem', { name: /other.example.com/ }));
  await waitFor(() =>
    expect(openDocuments(app.workspace.getState())).toContainEqual(expect.objectContaining({ cluster: other.key, scope: 'waiting' })),
  );
});

test('is not there before a cluster has told about requests', async () => {
  const made = await renderInbox({ world: { requests: {} } });
  dispose = made.dispose;
  expect(screen.queryByRole('button', { name: /^Access requests/ })).toBeNull();
});
