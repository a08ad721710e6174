import type { MainContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { WorkspaceStore } from './workspace.ts';

const quietMs = 500;

/**
 * Restores the saved tabs, then saves every change once it has been quiet for half a second, and at `flush`. Nothing is
 * saved before the restore, and a load that fails saves nothing by itself. Returns the functions that stop and flush.
 */
export function syncWorkspace(main: Client<MainContract>, workspace: WorkspaceStore, onError: (caught: unknown) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const { tabs, active } = workspace.getState();
    main.call('workspace.save', { tabs: [...tabs], active }).catch(onError);
  };
  const flush = () => {
    if (timer !== undefined) save();
  };
  const unsubscribe = workspace.subscribe((now, before) => {
    if (!before.restored || (now.tabs === before.tabs && now.active === before.active)) return;
    clearTimeout(timer);
    timer = setTimeout(save, quietMs);
  });
  const ready = main.call('workspace.load', null).then(
    (saved) => workspace.getState().restore(saved),
    (caught) => {
      onError(caught);
      workspace.getState().restore({ tabs: [], active: null });
    },
  );
  return {
    ready,
    flush,
    stop: () => {
      flush();
      unsubscribe();
    },
  };
}
