import { useState } from 'react';
import { useStore } from 'zustand';
import type { AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import type { Cluster, ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { keepReview, type ReviewDraft, reviewDraft, serverTime } from '../../../state/requests.ts';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import { withRelogin } from '../../../workbench/with-relogin.ts';

export type Decision = 'approve' | 'deny' | 'promote';
const verdicts = { approve: 'approved', deny: 'denied', promote: 'promoted' } as const;

/** A review that is being written, and the way to send it. `onDone` is called after each try: a refusal may mean that somebody else decided. */
export function useReview(cluster: Cluster, { request: { id, user }, promotions }: AccessRequestDetail, onDone: () => void) {
  const app = useApp();
  const overview = useRequestsOverview(cluster.key);
  const { reason, start, accessList } = useStore(app.requests, (state) => reviewDraft(state, cluster.key, id));
  const keep = (change: Partial<ReviewDraft> | null) => keepReview(app.requests, cluster.key, id, change);
  const list = promotions.some(({ name }) => name === accessList) ? accessList : (promotions[0]?.name ?? '');
  const { busy, error, run } = useTask();
  const [doing, setDoing] = useState<Decision>('approve');

  const call = (decision: Decision, key: ClusterKey): Promise<unknown> => {
    if (decision === 'promote') return app.main.call('requests.promote', { cluster: key, id, accessList: list, reason });
    const startsLater = decision === 'approve' && start !== null && overview?.features.startTimes;
    const assumeStart = startsLater ? serverTime(overview, start) : null;
    return app.main.call('requests.review', { cluster: key, id, decision, reason, assumeStart });
  };
  const send = async (decision: Decision) => {
    setDoing(decision);
    await run(async () => {
      await withRelogin(app, cluster.key, 'to send your review', (key) => call(decision, key));
      keep(null);
      const text = `You ${verdicts[decision]} the request of ${displayText(user, 100)}.`;
      app.notifications.getState().notify({ tone: 'success', title: 'Review sent', text });
    });
    onDone();
  };
  return { reason, start, list, keep, overview, error, busy, sending: busy ? doing : null, send };
}
