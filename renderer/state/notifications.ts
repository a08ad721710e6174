import { createStore, type StoreApi } from 'zustand';
import { AppError } from '../../shared/errors/app-error.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly title: string;
  readonly text: string;
  /** The next step, as a button; the notice closes when it is pressed. */
  readonly action?: { readonly label: string; run(): void };
}

export interface NotificationsState {
  /** Oldest first, at most five. */
  readonly notices: readonly Notice[];
  notify(notice: Omit<Notice, 'id'>): void;
  /** An error that has no place of its own. Cancelled actions say nothing. */
  notifyError(title: string, caught: unknown): void;
  dismiss(id: number): void;
}

export type NotificationsStore = StoreApi<NotificationsState>;

/** More notices would cover the page; the oldest go first. */
const most = 5;

export const createNotificationsStore = (): NotificationsStore => {
  let nextId = 1;
  return createStore((set, get) => ({
    notices: [],
    notify: (notice) => set(({ notices }) => ({ notices: [...notices, { ...notice, id: nextId++ }].slice(-most) })),
    notifyError: (title, caught) => {
      const error = AppError.from(caught);
      if (error.code !== 'cancelled') get().notify({ tone: 'error', title, text: error.message });
    },
    dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  }));
};
