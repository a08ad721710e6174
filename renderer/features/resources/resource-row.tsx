import { memo } from 'react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import listPage from '../../ui/list-page.module.css';
import { Untrusted } from '../../ui/untrusted.tsx';
import { ConnectButton } from './buttons/connect-button.tsx';
import { FilesButton } from './buttons/files-button.tsx';
import { GrantedMark, RequestButton } from './buttons/request-button.tsx';
import { TargetButton } from './buttons/target-button.tsx';
import { isTarget, KindIcon, kindName } from './kinds.tsx';
import type { MenuButton, OpenMenu } from './open-menu.ts';
import classes from './resources.module.css';

const labelsShown = 6;

interface Props {
  id: string;
  index: number;
  /** Pixels from the top of the list. */
  start: number;
  /** Undefined while its page is on the way. */
  resource: Resource | undefined;
  /** The login and, for a leaf, the cluster that the list is of. */
  cluster: ClusterKey;
  leaf: string;
  selected: boolean;
  /** Marked to be asked for together with others. */
  marked: boolean;
  /** The button whose menu is open. */
  menu: MenuButton | null;
  /** The same object as long as the list is drawn, so that a row is drawn again only when it changes. */
  actions: RowActions;
}

export interface RowActions {
  menu(menu: OpenMenu | null): void;
  select(index: number): void;
  /** `range` marks everything from the last mark to here. */
  mark(index: number, resource: Resource, range: boolean): void;
  open(index: number, resource: Resource): void;
  connect(resource: Resource, login: string): void;
  label(label: Label): void;
}

export const ResourceRow = memo(function ResourceRow({ id, index, start, resource, cluster, leaf, selected, marked, menu, actions }: Props) {
  const position = { transform: `translateY(${start}px)` };
  if (!resource) {
    return (
      <div id={id} role="row" aria-rowindex={index + 2} aria-busy className={listPage.row} style={position}>
        <div role="gridcell" className={classes.cellName}>
          <span className={listPage.bone} style={{ width: `${35 + ((index * 37) % 40)}%` }} />
        </div>
      </div>
    );
  }
  const onMenu = (button: MenuButton) => (opened: boolean) => actions.menu(opened ? { at: index, button } : null);
  const type = resource.subKind && resource.kind !== 'node' ? `${kindName(resource.kind)} · ${resource.subKind}` : kindName(resource.kind);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected || marked}
      data-marked={marked || undefined}
      className={listPage.row}
      style={position}
      onClick={({ ctrlKey, metaKey, shiftKey }) => (ctrlKey || metaKey || shiftKey ? actions.mark(index, resource, shiftKey) : actions.select(index))}
      onDoubleClick={() => actions.open(index, resource)}
    >
      <div role="gridcell" className={classes.cellName}>
        <KindIcon kind={resource.kind} />
        <Untrusted text={resource.name} className={classes.name} />
        {!resource.requiresRequest && <GrantedMark resource={resource} cluster={cluster} />}
        {resource.health === 'unhealthy' && (
          <span className={classes.unhealthy} role="img" aria-label="Unhealthy" title="The cluster reports this resource as unhealthy" />
        )}
        <Untrusted text={resource.address || resource.description} className={classes.address} />
      </div>
      <div role="gridcell" className={classes.cellType}>
        <Untrusted text={type} most={80} />
      </div>
      <div role="gridcell" className={classes.cellLabels}>
        {resource.labels.slice(0, labelsShown).map((label) => (
          <button
            key={`${label.name}=${label.value}`}
            type="button"
            tabIndex={-1}
            className={classes.label}
            onClick={(event) => {
              event.stopPropagation();
              actions.label(label);
            }}
          >
            <Untrusted text={`${label.name}: ${label.value}`} most={60} />
          </button>
        ))}
      </div>
      <div role="gridcell" className={classes.cellAction}>
        {isTarget(resource) && (
          <TargetButton resource={resource} cluster={cluster} leaf={leaf} menuOpen={menu === 'connect'} onMenu={onMenu('connect')} />
        )}
        {resource.requiresRequest && <RequestButton resource={resource} cluster={cluster} inRow />}
        {resource.kind === 'node' && !resource.requiresRequest && resource.logins.length > 0 && (
          <FilesButton resource={resource} cluster={cluster} leaf={leaf} menuOpen={menu === 'files'} onMenu={onMenu('files')} inRow />
        )}
        {resource.kind === 'node' && !resource.requiresRequest && (
          <ConnectButton resource={resource} menuOpen={menu === 'connect'} onMenu={onMenu('connect')} onConnect={actions.connect} />
        )}
      </div>
    </div>
  );
});
