import { useState } from 'react';
import { useStore } from 'zustand';
import type { DryRun, RequestCapabilities, RequestDraft, RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { type AskDraft, askDraft, keepAsk, serverTime } from '../../../state/requests.ts';
import { useCapabilities } from './use-capabilities.ts';
import { useDryRun } from './use-dry-run.ts';

/** The most that the server grants; null before it has said so. */
export type Limits = Pick<DryRun, 'maxDuration' | 'requestExpires' | 'sessionExpires'>;

/** A request that is being written: what was typed, what the cluster says about it, and what it still lacks. */
export function useAsk(cluster: ClusterKey, overview: RequestsOverview) {
  const app = useApp();
  const { basket, features } = overview;
  const resources = basket.resources.map(({ id }) => id);
  const typed = useStore(app.requests, (state) => askDraft(state, cluster));
  const { capabilities, error: capabilitiesError } = useCapabilities(cluster, resources);
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const applicable = capabilities?.applicableRoles ?? [];
  const kept = applicable.filter((role) => !leftOut.includes(role));

  const isForResources = resources.length > 0;
  const draft: RequestDraft = {
    roles: isForResources ? narrowedRoles(kept, applicable) : basket.roles,
    resources,
    assumeStart: typed.start === null || !features.startTimes ? null : wholeMinute(serverTime(overview, typed.start)),
    duration: typed.duration,
    requestTtl: typed.requestTtl,
    sessionTtl: typed.sessionTtl,
  };
  const isEmpty = basket.roles.length === 0 && !isForResources;
  const isImpossible = isForResources && !features.resourceRequests;
  const dryRun = useDryRun(cluster, isEmpty || isImpossible ? null : draft);
  const limits = useLimits(dryRun.result, typed);
  const isReasonRequired = dryRun.result?.reasonRequired ?? capabilities?.reasonRequired ?? false;
  return {
    typed,
    keep: (change: Partial<AskDraft> | null) => keepAsk(app.requests, cluster, change),
    capabilities,
    capabilitiesError,
    kept,
    keepRoles: (roles: readonly string[]) => setLeftOut(applicable.filter((role) => !roles.includes(role))),
    isForResources,
    draft,
    dryRun,
    limits,
    reviewers: typed.reviewers ?? dryRun.result?.reviewers ?? [],
    isReasonRequired,
    prompts: promptsOf(dryRun.result, capabilities),
    /** Whether there is anything that the cluster can be asked for. */
    isAskable: !isEmpty && !isImpossible,
    /** What keeps the request from being sent, as a sentence; empty when nothing does. */
    missing: isEmpty
      ? 'Choose what to ask for.'
      : isImpossible
        ? 'This cluster takes no requests for resources.'
        : isReasonRequired && typed.reason.trim() === ''
          ? 'A reason is needed.'
          : '',
  };
}

export type Ask = ReturnType<typeof useAsk>;

/** Without roles the server chooses them, which it does best where the person has not left any out. */
const narrowedRoles = (kept: string[], applicable: readonly string[]) => (kept.length < applicable.length ? kept : []);

const wholeMinute = (time: number) => Math.round(time / 60_000) * 60_000;

/** The server names its limits before anything was cut down: later answers only repeat what was chosen. */
function useLimits(result: DryRun | null, { start, duration, requestTtl, sessionTtl }: AskDraft): Limits | null {
  const [limits, setLimits] = useState<Limits | null>(null);
  const isUncut = start === null && duration === null && requestTtl === null && sessionTtl === null;
  if (result && result !== limits && isUncut) setLimits(result);
  return limits;
}

function promptsOf(result: DryRun | null, capabilities: RequestCapabilities | null): readonly string[] {
  if (result && result.reasonPrompts.length > 0) return result.reasonPrompts;
  return capabilities?.reasonPrompt ? [capabilities.reasonPrompt] : [];
}
