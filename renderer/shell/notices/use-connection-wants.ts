import { useEffect } from 'react';
import { clusterOf } from '../../../shared/model/local-port.ts';
import type { ConnectionsState } from '../../state/connections.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { relogin } from '../../workbench/with-relogin.ts';

/** When a program waits at a connection that needs a login, asks the person for it, once for each time that a program waits. */
export function useConnectionWants(): void {
  const app = useApp();
  useEffect(() => {
    let asked = new Set<string>();
    const look = ({ rows }: ConnectionsState) => {
      const wanting = Object.values(rows).filter(({ wants }) => wants === 'login');
      for (const { id, target, title } of wanting) {
        if (asked.has(id)) continue;
        void relogin(app, clusterOf(target), `so that the program that uses ${displayText(title, 120)} can go on`);
      }
      asked = new Set(wanting.map(({ id }) => id));
    };
    look(app.connections.getState());
    return app.connections.subscribe(look);
  }, [app]);
}
