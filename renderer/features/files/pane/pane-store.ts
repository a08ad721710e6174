import { createStore, type StoreApi } from 'zustand';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Side } from '../side.ts';
import { GatheredRows, nextTurn } from './gathered-rows.ts';
import { type Row, type Sort, sortRows, visibleRows } from './list/row-order.ts';
import { carryOver, noSelection, type Selection } from './list/selection.ts';

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

const nothingShown = { rows: [], shown: [], selection: noSelection } as const;

/** A listing of one side at a time, in the order and the part that the person wants to see. */
export function createPaneStore(side: Side): PaneStore {
  const store = createStore<PaneState>(() => ({
    ...nothingShown,
    path: '',
    asked: '',
    status: 'idle',
    error: null,
    more: false,
    dropped: 0,
    sort: { column: 'name', descending: false },
    filter: '',
    showHidden: false,
  }));
  const { getState, setState } = store;
  let reading: AbortController | null = null;
  /** Counts the orders of the rows that were begun: one that is overtaken is dropped. */
  let sorting = 0;
  /** A folder was asked for that has not answered yet: what is shown is still the one before. */
  let isOpening = false;

  /** Puts other rows in the place of those that are there. The same names stay chosen. */
  const setRows = (rows: readonly Row[], change: Partial<PaneState> = {}): void => {
    const { filter, showHidden, selection, shown: before } = { ...getState(), ...change };
    const shown = visibleRows(rows, filter, showHidden);
    setState({ rows, shown, selection: carryOver(selection, before, shown), ...change });
  };

  const read = async (path: string, isRefresh: boolean, goTo?: string): Promise<void> => {
    reading?.abort();
    const mine = new AbortController();
    const { signal } = mine;
    reading = mine;
    isOpening = !isRefresh;
    const gathered = new GatheredRows({
      sort: () => getState().sort,
      signal,
      // A folder that is read anew keeps its old rows until the new ones are complete.
      keepsBack: isRefresh,
      publish: (rows, end) => {
        sorting++;
        setRows(rows, end ? { status: 'ready', ...end } : {});
      },
    });
    setState({ asked: path, status: 'loading', error: null });
    const onFolder = (opened: string) => {
      isOpening = false;
      if (isRefresh) setState({ path: opened });
      else setState({ ...nothingShown, path: opened, filter: '', more: false, dropped: 0 });
    };
    try {
      const end = await side.list(path, { folder: onFolder, entries: (entries) => gathered.add(entries) }, signal);
      await gathered.finish(end);
      if (!signal.aborted) setState({ selection: firstSelection(getState(), goTo) });
    } catch (caught) {
      gathered.stop();
      if (signal.aborted) return;
      isOpening = false;
      setState({ ...nothingShown, status: 'failed', error: AppError.from(caught) });
    }
  };

  return {
    ...store,
    open: (path, goTo) => read(path, false, goTo),
    refresh: async (goTo) => {
      if (!isOpening) await read(getState().path, true, goTo);
    },
    show: (change) => setRows(getState().rows, change),
    async sortBy(sort) {
      const mine = ++sorting;
      setState({ sort });
      // Rows that arrive meanwhile are put in the new order with all others.
      const rows = await sortRows(getState().rows, sort, nextTurn, () => mine !== sorting);
      if (rows) setRows(rows);
    },
    select: (selection) => setState({ selection }),
    dispose: () => reading?.abort(),
  };
}

/** After a folder was read: the keyboard is on the entry of this name, or where it was, or on the first one. */
function firstSelection({ shown, selection }: PaneState, goTo: string | undefined): Selection {
  const at = goTo === undefined ? -1 : shown.findIndex(({ entry }) => entry.name === goTo);
  const row = shown[at];
  if (row) return { ids: new Set([row.id]), cursor: at, anchor: at };
  return selection.cursor < 0 && shown.length > 0 ? { ...selection, cursor: 0, anchor: 0 } : selection;
}
