/** The element of the row that the keyboard is on, for a menu to open at; the list itself when that row is not drawn. */
export const activeRowOf = (list: Element): Element => document.getElementById(list.getAttribute('aria-activedescendant') ?? '') ?? list;
