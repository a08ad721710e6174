import { Button, Collapse, Loader, Select, TagsInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DryRun, RequestDraft, RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { type AskDraft, askDraft, keepAsk, serverTime } from '../../../state/requests.ts';
import { displayText } from '../../../ui/display-text.ts';
import { useTask } from '../../../ui/use-task.ts';
import { durationText } from '../../../ui/words/time-text.ts';
import { showRequests } from '../../../workbench/documents.ts';
import { changeBasket } from '../../../workbench/request-actions.ts';
import { withRelogin } from '../../../workbench/with-relogin.ts';
import { thresholdText } from '../request-words.ts';
import { chosen, durationChoices, lifetimeChoices } from '../times.ts';
import classes from './ask.module.css';
import { BasketEditor } from './basket-editor.tsx';
import { ReasonField, reasonTooLong } from './reason-field.tsx';
import { Refusal } from './refusal.tsx';
import { StartField } from './start-field.tsx';
import { useCapabilities } from './use-capabilities.ts';
import { useDryRun } from './use-dry-run.ts';

interface Props {
  cluster: ClusterKey;
  overview: RequestsOverview;
  onClose(): void;
}

/** What is asked for, with what the server would grant after every change; and the way to send it. */
export function AskForm({ cluster, overview, onClose }: Props) {
  const app = useApp();
  const { basket, features } = overview;
  const { capabilities, error: capabilitiesError } = useCapabilities(
    cluster,
    basket.resources.map(({ id }) => id),
  );
  const forResources = basket.resources.length > 0;
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const { reason, reviewers: typedReviewers, start, duration, requestTtl, sessionTtl } = useStore(app.requests, (state) => askDraft(state, cluster));
  const keep = (change: Partial<AskDraft> | null) => keepAsk(app.requests, cluster, change);
  const [more, setMore] = useState(false);
  const { busy, error, run } = useTask();

  const applicable = capabilities?.applicableRoles ?? [];
  const kept = applicable.filter((role) => !leftOut.includes(role));
  const narrowed = kept.length > 0 && kept.length < applicable.length ? kept : [];
  const draft: RequestDraft = {
    roles: forResources ? narrowed : basket.roles,
    resources: basket.resources.map(({ id }) => id),
    assumeStart: start === null || !features.startTimes ? null : Math.round(serverTime(overview, start) / 60_000) * 60_000,
    duration,
    requestTtl,
    sessionTtl,
  };
  const empty = basket.roles.length === 0 && !forResources;
  const impossible = forResources && !features.resourceRequests;
  const dryRun = useDryRun(cluster, empty || impossible ? null : draft);
  const { result } = dryRun;
  // The most that the server grants is what it said before anything was cut down.
  const [most, setMost] = useState<Pick<DryRun, 'maxDuration' | 'requestExpires' | 'sessionExpires'> | null>(null);
  if (result && result !== most && start === null && duration === null && requestTtl === null && sessionTtl === null) setMost(result);
  const now = serverTime(overview, Date.now());
  const lasting = (end: number | null | undefined) => (end ? Math.max(0, end - now) : null);

  const reviewers = typedReviewers ?? result?.reviewers ?? [];
  const reasonRequired = result?.reasonRequired ?? capabilities?.reasonRequired ?? false;
  const prompts = result && result.reasonPrompts.length > 0 ? result.reasonPrompts : capabilities?.reasonPrompt ? [capabilities.reasonPrompt] : [];
  const missing = empty
    ? 'Choose what to ask for.'
    : impossible
      ? 'This cluster takes no requests for resources.'
      : reasonRequired && reason.trim() === ''
        ? 'A reason is needed.'
        : '';
  const blocked = missing !== '' || reasonTooLong(reason) || busy;

  const send = () =>
    run(async () => {
      const full = { ...draft, reason: reason.trim(), reviewers: features.reviews ? reviewers : [] };
      let used = cluster;
      const created = await withRelogin(app, cluster, 'to send the request', (use) => {
        used = use;
        return app.main.call('requests.create', { cluster: use, draft: full });
      });
      keep(null);
      await changeBasket(app, used, 'replace', {});
      onClose();
      showRequests(app, used, { scope: 'mine', request: created.id });
      app.notifications.getState().notify({ tone: 'success', title: 'Request sent', text: 'It is followed here; you are told when it is decided.' });
    });

  return (
    <form
      className={classes.form}
      aria-label="Access request"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      {features.explanation !== '' && <p className={classes.explanation}>{features.explanation}</p>}
      <BasketEditor
        cluster={cluster}
        overview={overview}
        capabilities={capabilities}
        kept={kept}
        onKept={(roles) => setLeftOut(applicable.filter((role) => !roles.includes(role)))}
      />
      <Refusal error={capabilitiesError} />
      {!empty && !impossible && (
        <>
          <Outcome result={result} busy={dryRun.busy} reviews={features.reviews} />
          <Refusal error={dryRun.error} />
          <ReasonField
            label="Reason"
            first={forResources}
            value={reason}
            required={reasonRequired}
            prompts={prompts}
            onChange={(text) => keep({ reason: text })}
          />
          {features.reviews && (
            <TagsInput
              label="Reviewers"
              placeholder={reviewers.length === 0 ? 'Whoever may review' : undefined}
              data={[...new Set([...(capabilities?.reviewers ?? []), ...(result?.reviewers ?? [])])].slice(0, 1000)}
              value={reviewers}
              onChange={(names) => keep({ reviewers: names })}
              maxTags={300}
              openOnFocus={false}
              clearable
              clearButtonProps={{ 'aria-label': 'Remove all reviewers' }}
            />
          )}
          <div className={classes.pair}>
            {features.startTimes && (
              <StartField
                label="Start"
                unchanged="At once"
                value={start}
                overview={overview}
                latest={most?.maxDuration ? now + most.maxDuration : null}
                onChange={(time) => keep({ start: time })}
              />
            )}
            <Select
              label="For"
              data={durationChoices(most?.maxDuration ?? null)}
              value={duration === null ? '' : String(duration)}
              onChange={(value) => keep({ duration: chosen(value) })}
              maxDropdownHeight={260}
            />
          </div>
          <button type="button" className={classes.disclose} aria-expanded={more} onClick={() => setMore(!more)}>
            {more ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />} More options
          </button>
          <Collapse expanded={more}>
            <div className={classes.pair}>
              <Select
                label="The request waits"
                data={lifetimeChoices(lasting(most?.requestExpires))}
                value={requestTtl === null ? '' : String(requestTtl)}
                onChange={(value) => keep({ requestTtl: chosen(value) })}
              />
              <Select
                label="Sessions last"
                data={lifetimeChoices(lasting(most?.sessionExpires))}
                value={sessionTtl === null ? '' : String(sessionTtl)}
                onChange={(value) => keep({ sessionTtl: chosen(value) })}
              />
            </div>
          </Collapse>
        </>
      )}
      <Refusal error={error} />
      <div className={classes.end}>
        <span className={classes.missing} role="status">
          {missing}
        </span>
        <Button variant="default" onClick={onClose}>
          Save draft
        </Button>
        <Button type="submit" loading={busy} disabled={blocked} aria-keyshortcuts="Control+Enter">
          Send request
        </Button>
      </div>
    </form>
  );
}

/** What the server said about the request as it stands. */
function Outcome({ result, busy, reviews }: { result: DryRun | null; busy: boolean; reviews: boolean }) {
  if (!result)
    return busy ? (
      <p className={classes.outcome} role="status">
        <Loader size={12} /> Asking the cluster what it would grant…
      </p>
    ) : null;
  const needed = reviews
    ? result.thresholds.map((threshold) => thresholdText({ ...threshold, approvals: 0 }, result.thresholds.length > 1).replace(/\b0 of /, ''))
    : [];
  const facts = [
    needed.length > 0 && `needs ${needed.join('; ')}`,
    result.maxDuration !== null && `lasts ${durationText(result.maxDuration)} at most`,
    result.roles.length > 0 && `by ${result.roles.length === 1 ? 'role' : 'roles'} ${displayText(result.roles.join(', '), 200)}`,
  ].filter(Boolean);
  return (
    <p className={classes.outcome} role="status" data-stale={busy || undefined}>
      {facts.length > 0 ? <bdi>The cluster would grant it: {facts.join(', ')}.</bdi> : 'The cluster would take this request.'}
    </p>
  );
}
