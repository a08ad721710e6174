import { createStore, type StoreApi } from 'zustand';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Side } from '../side.ts';
import { addRun, mergeRows, type Row, type Sort, sortRows, toRow, visibleRows } from './row-order.ts';
import { carryOver, noSelection, type Selection } from './selection.ts';

export interface PaneState {
  /** The folder that is shown, absolute; empty until the first one was opened. */
  readonly path: string;
  /** The folder that was asked for last, as it was asked for; empty for home. */
  readonly asked: string;
  /** `loading`: rows may be there already, and more come. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error: AppError | null;
  /** All that was read, in order, and what of it is shown. */
  readonly rows: readonly Row[];
  readonly shown: readonly Row[];
  /** The folder has more entries than were read, and names that cannot be shown. */
  readonly more: boolean;
  readonly dropped: number;
  readonly sort: Sort;
  readonly filter: string;
  readonly showHidden: boolean;
  readonly selection: Selection;
}

export interface PaneStore extends StoreApi<PaneState> {
  /** Reads a folder; empty for home. `goTo` is the name the cursor goes to. Rejections end up in `error`. */
  open(path: string, goTo?: string): Promise<void>;
  /** Reads the shown folder anew; leaves alone one that is being opened. */
  refresh(goTo?: string): Promise<void>;
  show(change: Partial<Pick<PaneState, 'filter' | 'showHidden'>>): void;
  sortBy(sort: Sort): Promise<void>;
  select(selection: Selection): void;
  dispose(): void;
}

const publishMs = 120;
const pause = () => new Promise<void>((resolve) => setTimeout(resolve));

export function createPaneStore(side: Side): PaneStore {
  const store = createStore<PaneState>(() => ({
    path: '',
    asked: '',
    status: 'idle',
    error: null,
    rows: [],
    shown: [],
    more: false,
    dropped: 0,
    sort: { column: 'name', descending: false },
    filter: '',
    showHidden: false,
    selection: noSelection,
  }));
  const { getState, setState } = store;
  let reading: AbortController | null = null;
  let sorting = 0;
  /** A folder was asked for that has not answered yet: what is shown is still the one before. */
  let isOpening = false;

  /** The state with other rows, with the same names chosen. */
  const withRows = (rows: readonly Row[], change: Partial<PaneState> = {}): Partial<PaneState> => {
    const { filter, showHidden, selection, shown: before } = { ...getState(), ...change };
    const shown = visibleRows(rows, filter, showHidden);
    return { rows, shown, selection: carryOver(selection, before, shown), ...change };
  };

  const read = async (path: string, isRefresh: boolean, goTo: string | undefined) => {
    reading?.abort();
    const mine = new AbortController();
    reading = mine;
    isOpening = !isRefresh;
    let rows: readonly Row[] = [];
    let added: Row[][] = [];
    let nextId = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Putting more rows in order takes longer the more there are: it is done more rarely then. */
    let wait = publishMs;
    /** In turns of their own the rows are put in order and drawn: together they would hold up a frame. */
    const publish = async (change: Partial<PaneState> = {}) => {
      clearTimeout(timer);
      const { sort } = getState();
      const started = performance.now();
      for (const run of added) rows = mergeRows(rows, run, sort);
      added = [];
      const took = performance.now() - started;
      await pause();
      timer = undefined;
      if (mine.signal.aborted) return;
      if (getState().sort !== sort) rows = mergeRows([], rows, getState().sort);
      sorting++;
      setState(withRows(rows, change));
      wait = Math.max(publishMs, 40 * took);
    };
    setState({ asked: path, status: 'loading', error: null });
    try {
      const end = await side.list(
        path,
        {
          folder: (opened) => {
            isOpening = false;
            if (isRefresh) return setState({ path: opened });
            setState({ path: opened, rows: [], shown: [], selection: noSelection, filter: '', more: false, dropped: 0 });
          },
          entries: (entries) => {
            const run = entries.map((entry) => toRow(entry, nextId++));
            added = addRun(added, run, getState().sort);
            // A folder that is read anew keeps its old rows until the new ones are complete.
            if (!isRefresh) timer ??= setTimeout(publish, wait);
          },
        },
        mine.signal,
      );
      await publish({ status: 'ready', ...end });
      if (mine.signal.aborted) return;
      const { shown, selection } = getState();
      const at = goTo === undefined ? -1 : shown.findIndex(({ entry }) => entry.name === goTo);
      if (at >= 0) setState({ selection: { ids: new Set([shown[at]!.id]), cursor: at, anchor: at } });
      else if (selection.cursor < 0 && shown.length > 0) setState({ selection: { ...selection, cursor: 0, anchor: 0 } });
    } catch (caught) {
      clearTimeout(timer);
      if (mine.signal.aborted) return;
      isOpening = false;
      setState({ status: 'failed', error: AppError.from(caught), rows: [], shown: [], selection: noSelection });
    }
  };

  return {
    ...store,
    open: (path, goTo) => read(path, false, goTo),
    refresh: async (goTo) => {
      if (!isOpening) await read(getState().path, true, goTo);
    },
    show: (change) => setState((state) => withRows(state.rows, change)),
    async sortBy(sort) {
      const mine = ++sorting;
      setState({ sort });
      // Rows that arrive meanwhile are put in the new order with all others.
      const rows = await sortRows(getState().rows, sort, pause, () => mine !== sorting);
      if (rows) setState(withRows(rows));
    },
    select: (selection) => setState({ selection }),
    dispose: () => reading?.abort(),
  };
}
