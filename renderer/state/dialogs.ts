import { createStore, type StoreApi } from 'zustand';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { SshTarget } from '../../shared/model/document.ts';

export interface ConfirmRequest {
  readonly kind: 'confirm';
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger: boolean;
}

export type DialogRequest =
  | ConfirmRequest
  /** `address`: searched at once; empty to ask for one. */
  | { readonly kind: 'add-cluster'; readonly address: string }
  /** `reason` says why a login is needed, unless the person asked for it; else empty. Resolves with the key of the login. */
  | { readonly kind: 'login'; readonly cluster: ClusterKey; readonly reason: string }
  /** A port forward over this server: a new one, or the saved one of this connection's id. */
  | { readonly kind: 'forward'; readonly server: SshTarget; readonly connection: string | null }
  | { readonly kind: 'quick-connect' }
  | { readonly kind: 'palette' };

/** What a dialog was closed with; null when it was cancelled. */
export type DialogAnswer = string | null;

export interface OpenDialog {
  readonly id: number;
  readonly request: DialogRequest;
  /** Resolves when the dialog is closed. */
  readonly answered: Promise<DialogAnswer>;
  answer(value: DialogAnswer): void;
}

export interface DialogsState {
  /** The first dialog is on screen; the others wait, so that none is lost. */
  readonly queue: readonly OpenDialog[];
  open(request: DialogRequest): OpenDialog;
  ask(request: DialogRequest): Promise<DialogAnswer>;
}

export type DialogsStore = StoreApi<DialogsState>;

export const createDialogsStore = (): DialogsStore => {
  let nextId = 1;
  return createStore((set, get) => ({
    queue: [],
    open: (request) => {
      const id = nextId++;
      let resolve: (value: DialogAnswer) => void = () => {};
      const answered = new Promise<DialogAnswer>((settle) => {
        resolve = settle;
      });
      const answer = (value: DialogAnswer) => {
        set(({ queue }) => ({ queue: queue.filter((dialog) => dialog.id !== id) }));
        resolve(value);
      };
      const dialog = { id, request, answered, answer };
      set(({ queue }) => ({ queue: [...queue, dialog] }));
      return dialog;
    },
    ask: (request) => get().open(request).answered,
  }));
};

/** True when the person agreed. */
export async function confirm(dialogs: DialogsStore, request: Omit<ConfirmRequest, 'kind'>): Promise<boolean> {
  return (await dialogs.getState().ask({ kind: 'confirm', ...request })) !== null;
}
