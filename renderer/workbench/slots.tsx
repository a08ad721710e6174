import { type ComponentType, createContext, useContext } from 'react';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Resource } from '../../shared/model/resource.ts';

/** The props of the menu of ways to connect to a resource. */
export interface ConnectMenuProps {
  resource: Resource;
  cluster: ClusterKey;
  leaf: string;
  opened: boolean;
  onOpened(opened: boolean): void;
  inRow: boolean;
}

/** Places in one feature's pages that another feature fills. The shell, which knows all features, provides the components. */
export interface Slots {
  /** The ways to connect to a database, Kubernetes cluster or app, where resources are shown. */
  ConnectMenu: ComponentType<ConnectMenuProps>;
  /** Sections of the Settings tab that other features bring. */
  SettingsSections: ComponentType;
}

const nothing = () => null;

export const SlotsContext = createContext<Slots>({ ConnectMenu: nothing, SettingsSections: nothing });

export const useSlots = (): Slots => useContext(SlotsContext);
