import type { LocalPort, PortRow, PortServices, PortTarget } from '../local-port.ts';
import { AppPort } from './app-port.ts';
import { DatabasePort } from './database-port.ts';
import { ForwardPort } from './forward-port.ts';
import { KubePort } from './kube-port.ts';

/** The local port for a target, closed. */
export function localPortOf(target: PortTarget, services: PortServices, row: PortRow): LocalPort {
  switch (target.kind) {
    case 'database':
      return new DatabasePort(target, services, row);
    case 'kube':
      return new KubePort(target, services, row);
    case 'app':
      return new AppPort(target, services, row);
    case 'forward':
      return new ForwardPort(target, services, row);
  }
}
