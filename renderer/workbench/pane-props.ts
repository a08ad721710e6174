import type { Document } from '../../shared/model/document.ts';

/** What the component of every kind of document is given. */
export interface PaneProps<D extends Document> {
  readonly document: D;
  /** It is drawn: its tab is the one in front. What is not drawn keeps its state, and reads and asks nothing. */
  readonly visible: boolean;
  /** It is drawn and holds the keyboard among the panes of its tab. The component takes the keyboard when it becomes so. */
  readonly focused: boolean;
}
