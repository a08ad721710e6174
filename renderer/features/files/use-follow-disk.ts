import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import type { FilesController } from './files-controller.ts';

/** Reading a folder anew may take a tenth of the time: one with very many entries is read more rarely. */
const share = 10;
const againMilliseconds = 500;

/** The list of this computer shows what other programs do in its folder, while it is drawn. */
export function useFollowDisk(controller: FilesController, visible: boolean): void {
  const app = useApp();
  const pane = controller.panes.local;
  const path = useStore(pane, (state) => state.path);
  useEffect(() => {
    if (!visible || path === '') return;
    let isOver = false;
    let isBusy = false;
    let isDue = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = async () => {
      if (isOver) return;
      if (isBusy) {
        isDue = true;
        return;
      }
      // It is being read right now, or is not there any more.
      if (pane.getState().status !== 'ready') {
        clearTimeout(timer);
        timer = setTimeout(() => void changed(), againMilliseconds);
        return;
      }
      isBusy = true;
      isDue = false;
      const started = performance.now();
      await pane.refresh();
      timer = setTimeout(
        () => {
          isBusy = false;
          if (isDue) void changed();
        },
        share * (performance.now() - started),
      );
    };
    const stream = app.sessionHost().open('files.watch', { path }, { data: () => {}, message: () => void changed(), end: () => {} });
    // Nobody followed while it was not drawn.
    if (pane.getState().status === 'ready') void changed();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stream.close();
    };
  }, [app, pane, path, visible]);
}
