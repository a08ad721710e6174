import { memo } from 'react';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { KindIcon, kindName } from './kinds.tsx';
import { LoginMenu } from './login-menu.tsx';
import classes from './resources.module.css';

const labelsShown = 6;

interface Props {
  id: string;
  index: number;
  /** Pixels from the top of the list. */
  start: number;
  /** Undefined while its page is on the way. */
  resource: Resource | undefined;
  selected: boolean;
  menuOpen: boolean;
  onMenu(index: number): void;
  onSelect(index: number, resource: Resource, open: boolean): void;
  onOpen(index: number, resource: Resource): void;
  onConnect(resource: Resource, login: string): void;
  onLabel(label: Label): void;
}

export const ResourceRow = memo(function ResourceRow({ id, index, start, resource, selected, menuOpen, onMenu, onSelect, onOpen, onConnect, onLabel }: Props) {
  const position = { transform: `translateY(${start}px)` };
  if (!resource) {
    return (
      <div id={id} role="row" aria-rowindex={index + 2} aria-busy className={classes.row} style={position}>
        <div role="gridcell" className={classes.cellName}>
          <span className={classes.bone} style={{ width: `${35 + ((index * 37) % 40)}%` }} />
        </div>
      </div>
    );
  }
  const type = resource.subKind && resource.kind !== 'node' ? `${kindName(resource.kind)} · ${resource.subKind}` : kindName(resource.kind);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes.row}
      style={position}
      onClick={() => onSelect(index, resource, true)}
      onDoubleClick={() => onOpen(index, resource)}
    >
      <div role="gridcell" className={classes.cellName}>
        <KindIcon kind={resource.kind} />
        <Untrusted text={resource.name} className={classes.name} />
        {resource.health === 'unhealthy' && <span className={classes.unhealthy} role="img" aria-label="Unhealthy" title="The cluster reports this resource as unhealthy" />}
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
              onLabel(label);
            }}
          >
            <Untrusted text={`${label.name}: ${label.value}`} most={60} />
          </button>
        ))}
      </div>
      <div role="gridcell" className={classes.cellAction}>
        {resource.kind === 'node' && (
          <LoginMenu resource={resource} opened={menuOpen} onOpened={(opened) => onMenu(opened ? index : -1)} onConnect={onConnect} inRow />
        )}
      </div>
    </div>
  );
});
