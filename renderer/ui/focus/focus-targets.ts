const fields = 'input:not([type]), input[type="text"], input[type="password"], input[type="search"], input[type="number"], textarea';
const tabbable = `${fields}, input, select, button, a[href], [tabindex]`;

/** Over the page, and gone again: dialogs, menus, popovers. */
export const floats = (element: Element): boolean => element.closest('[data-portal], [data-mantine-shared-portal-node], [data-held-keys]') !== null;

/** In the document, in no part that is hidden, and not disabled. */
export const canTakeFocus = (element: Element): element is HTMLElement =>
  element instanceof HTMLElement && element.isConnected && element.closest('[hidden], [inert]') === null && !element.matches(':disabled');

export const isTextField = (element: Element | null): element is HTMLInputElement | HTMLTextAreaElement =>
  (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) && element.matches(fields) && !element.readOnly;

/** The keyboard is in the pane that the element is in: somebody put it there, and it is not to be moved. */
export const paneHasFocus = (element: Element | null): boolean => element?.closest('[data-pane]')?.contains(document.activeElement) ?? false;

/** A list with keys of its own, a shell, or another element that says it is where work goes on. */
const workplaces = '[role="grid"], .xterm-helper-textarea, [data-focus-home]';

const first = (within: ParentNode, selector: string, fits: (element: HTMLElement) => boolean = () => true): HTMLElement | undefined =>
  [...within.querySelectorAll(selector)].filter(canTakeFocus).find(fits);

/** The place in `within` where work goes on; undefined when there is none. */
export const workplaceIn = (within: ParentNode): HTMLElement | undefined => first(within, workplaces);

/** What a page without a workplace is left at: the first element that Tab would stop at. */
export const firstStopIn = (within: ParentNode): HTMLElement | undefined => first(within, tabbable, ({ tabIndex }) => tabIndex >= 0);

/** Where a dialog that shows something new is gone on with: the first empty field, what it marks, the first field, or itself. */
export const dialogStart = (dialog: HTMLElement): HTMLElement =>
  first(dialog, fields, (field) => isTextField(field) && field.value === '') ??
  first(dialog, '[data-autofocus]') ??
  first(dialog, fields, isTextField) ??
  dialog;
