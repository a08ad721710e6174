import type { Document } from '../../shared/model/document.ts';

/** The props of the component of every kind of document. */
export interface PaneProps<D extends Document> {
  readonly document: D;
  /** It is drawn, because its tab is in front. A component that is not drawn keeps its state, and reads and asks nothing. */
  readonly visible: boolean;
  /** It is drawn and holds the keyboard among the panes of its tab. The component takes the keyboard when it becomes so. */
  readonly focused: boolean;
}
