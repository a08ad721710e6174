import { IconChevronDown } from '@tabler/icons-react';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import type { Resource } from '../../../../shared/model/resource.ts';
import { displayText } from '../../../ui/display-text.ts';
import { useSlots } from '../../../workbench/slots.tsx';
import classes from '../resources.module.css';

interface Props {
  resource: Resource;
  cluster: ClusterKey;
  leaf: string;
  menuOpen: boolean;
  onMenu(opened: boolean): void;
}

/** A row's way to a database, Kubernetes cluster or app. The menu stands in for the plain button only while it is open. */
export function TargetButton({ resource, cluster, leaf, menuOpen, onMenu }: Props) {
  const { ConnectMenu } = useSlots();
  if (menuOpen) return <ConnectMenu resource={resource} cluster={cluster} leaf={leaf} opened onOpened={onMenu} inRow />;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.connect}
      aria-label={`Connect to ${displayText(resource.name, 100)}`}
      aria-haspopup="menu"
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        onMenu(true);
      }}
    >
      Connect
      <IconChevronDown size={12} aria-hidden />
    </button>
  );
}
