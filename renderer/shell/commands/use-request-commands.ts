import { useApp, useCurrentCluster, useRequestsOverview } from '../../state/context.tsx';
import { useCommand } from '../../workbench/commands.ts';
import { showRequests } from '../../workbench/documents.ts';
import { drop, openRequestByLink } from '../../workbench/request-actions.ts';
import { relogin } from '../../workbench/with-relogin.ts';

/** Commands for asking for access and showing requests, on the current cluster. */
export function useRequestCommands(): void {
  const app = useApp();
  const current = useCurrentCluster();
  const overview = useRequestsOverview(current?.key ?? null);
  useCommand('requests.open', (argument) => {
    if (argument !== '') void openRequestByLink(app, argument);
    else if (current) showRequests(app, current.key);
  });
  const ask = async () => {
    if (!current) return;
    const key = current.status === 'signed-in' ? current.key : await relogin(app, current.key, 'to request access');
    if (key !== null) app.requests.setState({ asking: key });
  };
  useCommand('requests.ask', () => void ask(), current !== undefined);
  useCommand('requests.drop', () => void (current && drop(app, current.key, null)), (overview?.assumed.length ?? 0) > 0);
}
