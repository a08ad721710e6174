import { Fragment } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import type { Document } from '../../../shared/model/document.ts';
import { documentsIn } from '../../../shared/model/pane-tree.ts';
import type { Pane, Split, Tab } from '../../../shared/model/workspace.ts';
import { SessionRights } from '../../features/requests/details/session-rights.tsx';
import { useApp } from '../../state/context.tsx';
import { focusedDocument } from '../../state/tabs.ts';
import { DocumentView } from './document-view.tsx';
import { leastSize } from './pane-sizes.ts';
import classes from './panes.module.css';

interface Props {
  readonly tab: Tab;
  /** The tab is in front. */
  readonly visible: boolean;
}

/** The panes of one tab. A single pane is drawn in a group too, so that its view survives when another one is put beside it. */
export function TabPanes({ tab, visible }: Props) {
  const { root } = tab;
  const split: Split = root.kind === 'split' ? root : { kind: 'split', direction: 'down', sizes: [1], panes: [root] };
  return <PaneGroup tab={tab} visible={visible} split={split} path={[]} />;
}

const directions = {
  right: { orientation: 'horizontal', className: classes.separatorRight, label: 'Width of the panes' },
  down: { orientation: 'vertical', className: classes.separatorDown, label: 'Height of the panes' },
} as const;

/** A pane's key is its first document, for as long as that is there. */
const keyOf = (pane: Pane): string => documentsIn(pane)[0]?.id ?? '';

function PaneGroup({ tab, visible, split, path }: Props & { split: Split; path: readonly number[] }) {
  const { workspace } = useApp();
  const { orientation, className, label } = directions[split.direction];
  const keys = split.panes.map(keyOf);
  const layout = Object.fromEntries(keys.map((key, index) => [key, 100 * (split.sizes[index] ?? 0)]));
  return (
    <PanelGroup
      orientation={orientation}
      className={classes.group}
      defaultLayout={layout}
      onLayoutChanged={(next, { isUserInteraction }) => {
        if (!isUserInteraction) return;
        workspace.getState().resize(
          tab.id,
          path,
          keys.map((key) => next[key] ?? 0),
        );
      }}
    >
      {split.panes.map((pane, index) => (
        <Fragment key={keys[index]}>
          {index > 0 && <Separator className={className} aria-label={label} />}
          <Panel id={keys[index]} defaultSize={`${100 / split.panes.length}%`} minSize={`${leastSize(pane, split.direction)}px`}>
            {pane.kind === 'leaf' ? (
              <LeafView tab={tab} visible={visible} document={pane.document} />
            ) : (
              <PaneGroup tab={tab} visible={visible} split={pane} path={[...path, index]} />
            )}
          </Panel>
        </Fragment>
      ))}
    </PanelGroup>
  );
}

function LeafView({ tab, visible, document }: Props & { document: Document }) {
  const { workspace } = useApp();
  const focused = visible && focusedDocument(tab).id === document.id;
  return (
    <div
      className={classes.pane}
      data-pane
      onFocusCapture={(event) => {
        // A dialog of this pane is outside of it in the DOM, so its focus does not count.
        if (event.currentTarget.contains(event.target)) workspace.getState().show(document.id);
      }}
    >
      {document.kind === 'ssh' && <SessionRights document={document} />}
      <div className={classes.view}>
        <DocumentView document={document} visible={visible} focused={focused} />
      </div>
    </div>
  );
}
