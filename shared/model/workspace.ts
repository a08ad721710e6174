import * as z from 'zod';
import { type Document, documentSchema } from './document.ts';

/** A tab's content: one document, or several panes side by side. Plain data, so that it can be saved and restored. */
export type Pane<D = Document> = Leaf<D> | Split<D>;

export interface Leaf<D = Document> {
  readonly kind: 'leaf';
  readonly document: D;
}

/** Panes in a row: each stands to the right of the one before it, or below it. */
export interface Split<D = Document> {
  readonly kind: 'split';
  readonly direction: SplitDirection;
  /** Share of each pane, more than 0; only their ratio counts. */
  readonly sizes: readonly number[];
  readonly panes: readonly Pane<D>[];
}

export type SplitDirection = 'right' | 'down';

/** Eight splits inside each other leave a pane 1/256 of the window. The bound also keeps a hostile tree from exhausting the stack. */
export const deepestSplits = 8;

/** More panes beside each other than this are narrower than a character on the widest screens. */
export const mostPanes = 500;

/** The schema is built level by level, so that a tree that is too deep is refused at the last level and not followed further. */
function paneWithin(splits: number): z.ZodType<Pane, Pane<z.input<typeof documentSchema>>> {
  const leaf = z.object({ kind: z.literal('leaf'), document: documentSchema });
  if (splits === 0) return leaf;
  const split = z.object({
    kind: z.literal('split'),
    direction: z.enum(['right', 'down']),
    sizes: z.array(z.number().positive()).max(mostPanes),
    panes: z
      .array(paneWithin(splits - 1))
      .min(1)
      .max(mostPanes),
  });
  return z.discriminatedUnion('kind', [leaf, split]);
}

const tabSchema = z.object({
  id: z.string().min(1).max(100),
  root: paneWithin(deepestSplits),
  /** Id of the document in it that holds the keyboard; the first document when there is none of that id. */
  focus: z.string().default(''),
});
export type Tab = z.infer<typeof tabSchema>;

/** The open tabs, left to right. */
export const workspaceSchema = z.object({
  tabs: z.array(tabSchema).max(1000),
  /** Id of the tab in front. */
  active: z.string().nullable().default(null),
});
export type Workspace = z.infer<typeof workspaceSchema>;
