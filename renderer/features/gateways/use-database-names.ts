import { useEffect, useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';

/** The names of databases that the person's roles allow (`db_names`). None when they cannot be had: a field takes any. */
export function useDatabaseNames({ target }: Pick<ConnectionRow, 'target'>): string[] {
  const { main } = useApp();
  const [names, setNames] = useState<string[]>([]);
  const { cluster, leaf, name } = target.kind === 'database' ? target : { cluster: '', leaf: '', name: '' };
  useEffect(() => {
    if (name === '') return;
    const controller = new AbortController();
    main
      .call('resources.database-options', { cluster, leaf, name }, { signal: controller.signal })
      .then(({ databases }) => setNames(databases.slice(0, 100).map((each) => displayText(each, 256))))
      .catch(() => {}); // the field takes any name
    return () => controller.abort();
  }, [main, cluster, leaf, name]);
  return names;
}
