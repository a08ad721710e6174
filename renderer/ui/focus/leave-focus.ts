import type { MouseEvent } from 'react';

/** For bars around the work: a press of the mouse on their buttons leaves the focus where it is, so that a menu gives it back there. */
export const leaveFocus = (event: MouseEvent): void => {
  const { currentTarget, target } = event;
  if (target instanceof Node && currentTarget.contains(target) && !(target instanceof HTMLInputElement)) event.preventDefault();
};
