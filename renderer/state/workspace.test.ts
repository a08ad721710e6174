import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workspaceOf } from '../fakes/fake-app.ts';
import { gatewayShellDocument, shellDocument, sshDocument } from '../workbench/documents.ts';
import { openDocuments } from './tabs.ts';
import { createWorkspaceStore } from './workspace.ts';

const doc = (id: string) => ({ ...shellDocument(), id });

function withTabs(...ids: string[]) {
  const store = createWorkspaceStore();
  store.getState().restore(workspaceOf({ documents: ids.map(doc), active: ids[0] ?? null }));
  const ids_ = () => openDocuments(store.getState()).map(({ id }) => id);
  return { store, ids: ids_, ...store.getState() };
}

describe('tabs', () => {
  test('a new tab stands behind the active one and is shown', () => {
    const { store, open, ids } = withTabs('a', 'b', 'c');
    open(doc('x'));
    expect(ids()).toEqual(['a', 'x', 'b', 'c']);
    expect(store.getState().active).toBe('x');
  });

  test('a document that is open already is shown, not doubled', () => {
    const { store, open, ids } = withTabs('a', 'b');
    open(doc('b'));
    expect(ids()).toEqual(['a', 'b']);
    expect(store.getState().active).toBe('b');
  });

  test('closing the active tab shows its right neighbour, else the last one', () => {
    const { store, activate, remove } = withTabs('a', 'b', 'c');
    activate('b');
    remove(['b']);
    expect(store.getState().active).toBe('c');
    remove(['c']);
    expect(store.getState().active).toBe('a');
    remove(['a']);
    expect(store.getState().active).toBeNull();
  });

  test('closing others keeps the active one', () => {
    const { store, activate, remove } = withTabs('a', 'b', 'c');
    activate('b');
    remove(['a', 'c']);
    expect(store.getState()).toMatchObject({ active: 'b' });
  });

  test('a tab moved past the ends stays at the end', () => {
    const { move, ids } = withTabs('a', 'b', 'c');
    move('a', 99);
    expect(ids()).toEqual(['b', 'c', 'a']);
    move('a', -5);
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  test('a restored session says that it is one', () => {
    const store = createWorkspaceStore();
    const target = { cluster: 'ada@x:443', leaf: '', node: 'n', hostname: 'n', login: 'root' } as const;
    const kube = { id: 'k', target: { kind: 'kube', cluster: 'ada@x:443', leaf: '', name: 'k' }, title: 'k' } as const;
    const documents = [sshDocument(target, 'search_bar'), gatewayShellDocument(kube, null, 'resource_table')];
    store.getState().restore(workspaceOf({ documents, active: null }));
    expect(openDocuments(store.getState())).toMatchObject([{ origin: 'reopened_session' }, { gateway: { origin: 'reopened_session' } }]);
  });

  test('a reopened session says that it is one', () => {
    const { store, open, remove, reopen } = withTabs('a');
    const session = sshDocument({ cluster: 'u@c:1', leaf: '', node: 'n', hostname: 'h', login: 'root' }, 'resource_table');
    open(session);
    remove([session.id]);
    reopen();
    const again = openDocuments(store.getState()).find(({ kind }) => kind === 'ssh');
    expect(again).toMatchObject({ target: session.target, origin: 'reopened_session' });
    expect(again?.id).not.toBe(session.id);
  });

  test('tabs opened before the restore stay, behind the restored ones', () => {
    const store = createWorkspaceStore();
    store.getState().open(doc('early'));
    store.getState().restore(workspaceOf({ documents: [doc('saved')], active: 'saved' }));
    expect(openDocuments(store.getState()).map(({ id }) => id)).toEqual(['saved', 'early']);
    expect(store.getState().active).toBe('early');
  });

  test('an active tab that is not among the saved ones is not kept', () => {
    const store = createWorkspaceStore();
    store.getState().restore(workspaceOf({ documents: [doc('a')], active: 'gone' }));
    expect(store.getState().active).toBe('a');
  });
});

test('whatever is done, ids are unique and the active tab is one of them', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('open' as const), id: fc.nat(9) }),
    fc.record({ do: fc.constant('close' as const), id: fc.nat(9) }),
    fc.record({ do: fc.constant('activate' as const), id: fc.nat(9) }),
    fc.record({ do: fc.constant('move' as const), id: fc.nat(9), to: fc.integer({ min: -3, max: 12 }) }),
    fc.record({ do: fc.constant('reopen' as const), id: fc.nat(9) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { store, open, remove, activate, move, reopen } = withTabs('0', '1');
      for (const each of steps) {
        const id = String(each.id);
        if (each.do === 'open') open(doc(id));
        else if (each.do === 'close') remove([id]);
        else if (each.do === 'activate') activate(id);
        else if (each.do === 'move') move(id, each.to);
        else reopen();
        const { active, tabs } = store.getState();
        const ids = tabs.map((tab) => tab.id);
        expect(new Set(ids).size).toBe(ids.length);
        if (ids.length === 0) expect(active).toBeNull();
        else expect(ids).toContain(active);
      }
    }),
  );
});
