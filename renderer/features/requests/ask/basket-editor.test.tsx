// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RequestCapabilities, RequestsOverview } from '../../../../shared/model/access-request.ts';
import { sampleCapabilities } from '../../../fakes/fake-inbox.ts';
import { renderPart } from '../../../fakes/render-part.tsx';
import { sampleNamed, sampleOverview } from '../../../fakes/request-samples.ts';
import { sampleCluster } from '../../../fakes/samples.ts';
import { BasketEditor } from './basket-editor.tsx';

let dispose = () => {};
afterEach(() => dispose());

const { key } = sampleCluster();
const kube = sampleNamed(3, 'kube_cluster');
const namespace = (name: string) => ({ ...kube, id: { ...kube.id, kind: 'namespace', subResource: name } });

async function setUp(
  basket: Partial<RequestsOverview['basket']>,
  capabilities: RequestCapabilities | null = sampleCapabilities,
  told: string[] | null = [],
) {
  const overview = sampleOverview([], { basket: { roles: [], resources: [], ...basket } });
  const change = vi.fn(() => null);
  const namespaces = vi.fn(() => told);
  const onKept = vi.fn();
  const editor = (
    <BasketEditor cluster={key} overview={overview} capabilities={capabilities} kept={capabilities?.applicableRoles ?? []} onKept={onKept} />
  );
  const made = renderPart(editor, {
    clusters: [sampleCluster()],
    requests: { [key]: overview },
    calls: { 'requests.basket': change, 'requests.namespaces': namespaces },
  });
  dispose = made.dispose;
  await waitFor(() => expect(made.app.requests.getState().overviews[key]).toBeDefined());
  return { ...made, change, namespaces, onKept };
}

const roles = () => screen.findByRole('combobox', { name: 'Roles' });

describe('roles', () => {
  test('are chosen by keys from what may be asked for, each with its description', async () => {
    const { user, change } = await setUp({});
    await user.type(await roles(), 'db');
    expect((await screen.findByRole('option', { name: /db-admin/ })).textContent).toContain('Everything on the order databases');
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(change).toHaveBeenCalledWith({ cluster: key, change: 'add', roles: ['db-admin'], resources: [] }, expect.anything()));
  });

  test('are taken out with Backspace', async () => {
    const { user, change } = await setUp({ roles: ['db-admin'] });
    await user.type(await roles(), '{Backspace}');
    await waitFor(() =>
      expect(change).toHaveBeenCalledWith({ cluster: key, change: 'remove', roles: ['db-admin'], resources: [] }, expect.anything()),
    );
  });

  test('where there are none to ask for, say so', async () => {
    await setUp({}, { ...sampleCapabilities, roles: [] });
    screen.getByText(/There is no role that you may request/);
    expect(await roles()).toHaveProperty('disabled', true);
  });
});

describe('resources', () => {
  test('are named with their kind, and taken out one by one', async () => {
    const { user, change } = await setUp({ resources: [sampleNamed(1), sampleNamed(2, 'db')] });
    screen.getByText('Database');
    await user.click(screen.getByRole('button', { name: `Remove ${sampleNamed(1).display}` }));
    await waitFor(() =>
      expect(change).toHaveBeenCalledWith({ cluster: key, change: 'remove', roles: [], resources: [sampleNamed(1)] }, expect.anything()),
    );
  });

  test('the last role that reaches them cannot be left out', async () => {
    const { user, onKept } = await setUp({ resources: [sampleNamed(1)] }, { ...sampleCapabilities, applicableRoles: ['a', 'b'] });
    await user.click(screen.getByRole('checkbox', { name: 'a' }));
    expect(onKept).toHaveBeenCalledExactlyOnceWith(['b']);
  });
});

describe('namespaces of a Kubernetes cluster', () => {
  test.each([
    ['chosen among those the cluster tells of', ['billing', 'default'], 'billing'],
    ['typed where it tells of none', null, 'own-one'],
  ] as const)('are %s, in the place of the whole cluster', async (_, told, wanted) => {
    const { user, change, namespaces } = await setUp({ resources: [kube] }, sampleCapabilities, told === null ? null : [...told]);
    const field = await screen.findByPlaceholderText(/^All namespaces/);
    act(() => field.focus());
    await waitFor(() => expect(namespaces).toHaveBeenCalledWith({ cluster: key, kube: kube.id, search: '' }, expect.anything()));
    if (told) fireEvent.click(await screen.findByRole('option', { name: wanted }));
    else await user.keyboard(`${wanted}{Enter}`);
    await waitFor(() =>
      expect(change).toHaveBeenCalledWith({ cluster: key, change: 'add', roles: [], resources: [namespace(wanted)] }, expect.anything()),
    );
    await waitFor(() => expect(change).toHaveBeenCalledWith({ cluster: key, change: 'remove', roles: [], resources: [kube] }, expect.anything()));
  });

  test('stand with their cluster, and are taken out together with it', async () => {
    const { user, change } = await setUp({ resources: [namespace('billing'), sampleNamed(1), namespace('default')] });
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: `Remove ${kube.display}` }));
    await waitFor(() =>
      expect(change).toHaveBeenCalledWith(
        { cluster: key, change: 'remove', roles: [], resources: [namespace('billing'), namespace('default')] },
        expect.anything(),
      ),
    );
  });
});
