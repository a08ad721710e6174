import type { DragEvent } from 'react';
import { useApp } from '../../../state/context.tsx';
import { heldFiles, putFiles } from '../../../state/file-drag.ts';
import type { FilesController, SideKind } from '../files-controller.ts';

export interface PaneDrag {
  /** Whether what is held over the list may be put into a folder of it; null is the folder that is shown. */
  accepts(event: DragEvent, folder: string | null): boolean;
  drop(event: DragEvent, folder: string | null): void;
  /** The chosen rows begin to be dragged. */
  start(event: DragEvent): void;
}

/** Dragging between the two panes, and to and from other programs. */
export function usePaneDrag(controller: FilesController, kind: SideKind): PaneDrag {
  const { info } = useApp();
  return {
    // What comes from elsewhere may go into the folder that is shown; what is in it already only into one of its folders.
    accepts(event, folder) {
      const origin = heldFiles(event.dataTransfer);
      return controller.panes[kind].getState().path !== '' && origin !== null && (origin !== kind || folder !== null);
    },
    drop: (event, folder) => void controller.drop(kind, event.dataTransfer, folder),
    start(event) {
      const goesOut = info.platform === 'darwin' ? event.altKey : event.ctrlKey;
      if (goesOut && info.host === 'electron') {
        event.preventDefault();
        return controller.dragOut(kind);
      }
      const paths = controller.chosen(kind).map((entry) => controller.pathOf(kind, entry));
      if (paths.length > 0) putFiles(event.dataTransfer, { target: kind === 'remote' ? controller.target : null, paths });
    },
  };
}
