// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import { renderPart } from '../../../fakes/render-part.tsx';
import { sampleCluster } from '../../../fakes/samples.ts';
import { requestsTab } from '../../../fakes/screens/requests-screens.ts';
import { RequestsProblem } from './requests-problem.tsx';

let dispose = () => {};
afterEach(() => dispose());

function setUp(tab: Parameters<typeof requestsTab>[0] = {}, error: ErrorData | null = null) {
  const onChange = vi.fn();
  const refresh = vi.fn(() => {
    throw new AppError('unreachable', 'Still away.');
  });
  const problem = <RequestsProblem document={requestsTab(tab)} cluster={sampleCluster()} error={error} onChange={onChange} />;
  const made = renderPart(problem, { calls: { 'requests.refresh': refresh } });
  dispose = made.dispose;
  return { ...made, onChange, refresh };
}

describe('no requests', () => {
  test.each([
    ['waiting', 'Nothing waits for your review', false],
    ['mine', 'You have asked for nothing', true],
    ['reviewed', 'You have reviewed nothing yet', false],
    ['all', 'No access requests', true],
  ] as const)('in the scope %s: “%s”, with the way to ask where that helps', (scope, title, offersNew) => {
    setUp({ scope });
    screen.getByText(title);
    expect(screen.queryByRole('button', { name: 'New request' }) !== null).toBe(offersNew);
  });

  test('the way to ask opens the drawer of this cluster', async () => {
    const { user, app } = setUp({ scope: 'mine' });
    await user.click(screen.getByRole('button', { name: 'New request' }));
    expect(app.requests.getState().asking).toBe(sampleCluster().key);
  });

  test('filters that nothing fits are cleared together with the search', async () => {
    const { user, onChange } = setUp({ states: ['denied'] });
    await user.click(screen.getByRole('button', { name: 'Clear search and filters' }));
    expect(onChange).toHaveBeenCalledExactlyOnceWith({ search: '', states: [] });
  });

  test('a search of spaces is no search', () => {
    setUp({ search: '   ' });
    screen.getByText('No access requests');
  });
});

describe('requests that could not be read', () => {
  test('of a cluster that is away: its name, its words, and the way to try again', async () => {
    const { user, refresh, app } = setUp({}, { code: 'unreachable', message: 'Nobody answers there.' });
    screen.getByText('teleport.example.com cannot be reached');
    screen.getByText('Nobody answers there.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(refresh).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(app.notifications.getState().notices).toMatchObject([{ title: 'The requests could not be read' }]));
  });

  test('of a cluster that answers otherwise: its words', () => {
    setUp({}, { code: 'access-denied', message: 'You may not list requests.' });
    screen.getByText('The access requests could not be read');
    screen.getByText('You may not list requests.');
  });

  test('without a login: the way to one, and no search to clear', async () => {
    const { user, app } = setUp({ search: 'x' }, { code: 'expired', message: 'Over.' });
    expect(screen.queryByRole('button', { name: 'Clear search and filters' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Log in' }));
    expect(app.dialogs.getState().queue).toMatchObject([{ request: { kind: 'login', cluster: sampleCluster().key, reason: '' } }]);
  });
});
