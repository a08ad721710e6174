import type { Document } from '../../../shared/model/document.ts';
import type { Pane, SplitDirection } from '../../../shared/model/workspace.ts';

/** A terminal is of use from four lines on, a page with its bars and a list from 160 pixels on. */
const leastHeight = (kind: Document['kind']) => (kind === 'ssh' || kind === 'shell' ? 80 : 160);
/** About 30 columns of a terminal, or a list with one column. */
const leastWidth = 240;

/** How many pixels a pane needs in one direction: beside each other their sum, else the most that one of them needs. */
export function leastSize(pane: Pane, direction: SplitDirection): number {
  if (pane.kind === 'leaf') return direction === 'down' ? leastHeight(pane.document.kind) : leastWidth;
  const sizes = pane.panes.map((each) => leastSize(each, direction));
  return pane.direction === direction ? sizes.reduce((sum, size) => sum + size, 0) : sizes.reduce((most, size) => Math.max(most, size), 0);
}
