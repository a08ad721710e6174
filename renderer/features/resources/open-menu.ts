/** A button of a resource that opens a menu of logins or of other ways. */
export type MenuButton = 'connect' | 'files';

/** The menu that is open: of the row at an index, or of the details. */
export interface OpenMenu {
  readonly at: number | 'details';
  readonly button: MenuButton;
}
