import { Button, TagsInput } from '@mantine/core';
import type { RequestsOverview } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { showRequests } from '../../../workbench/documents.ts';
import { changeBasket } from '../../../workbench/request-actions.ts';
import { withRelogin } from '../../../workbench/with-relogin.ts';
import classes from './ask.module.css';
import { BasketEditor } from './basket-editor.tsx';
import { Outcome } from './outcome.tsx';
import { ReasonField, reasonTooLong } from './reason-field.tsx';
import { Refusal } from './refusal.tsx';
import { TimeFields } from './time-fields.tsx';
import { type Ask, useAsk } from './use-ask.ts';

interface Props {
  cluster: ClusterKey;
  overview: RequestsOverview;
  onClose(): void;
}

/**
 * Asks for access. The basket says for what; after every change a dry run says what the server would grant. What is typed is kept when the
 * form closes, until the request is sent.
 */
export function AskForm({ cluster, overview, onClose }: Props) {
  const ask = useAsk(cluster, overview);
  const { busy, error, send } = useSend(cluster, overview, ask, onClose);
  const { features } = overview;
  const { missing, typed, keep } = ask;
  const blocked = missing !== '' || reasonTooLong(typed.reason) || busy;
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
      <BasketEditor cluster={cluster} overview={overview} capabilities={ask.capabilities} kept={ask.kept} onKept={ask.keepRoles} />
      <Refusal error={ask.capabilitiesError} />
      {ask.isAskable && (
        <>
          <Outcome result={ask.dryRun.result} busy={ask.dryRun.busy} reviews={features.reviews} />
          <Refusal error={ask.dryRun.error} />
          <ReasonField
            label="Reason"
            first={ask.isForResources}
            value={typed.reason}
            required={ask.isReasonRequired}
            prompts={ask.prompts}
            onChange={(reason) => keep({ reason })}
          />
          {features.reviews && <ReviewersField ask={ask} />}
          <TimeFields ask={ask} overview={overview} />
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

/** Sends the request, then shows it in the list, where it is followed. */
function useSend(cluster: ClusterKey, { features }: RequestsOverview, { draft, typed, reviewers, keep }: Ask, onClose: () => void) {
  const app = useApp();
  const { busy, error, run } = useTask();
  const send = () =>
    run(async () => {
      const full = { ...draft, reason: typed.reason.trim(), reviewers: features.reviews ? reviewers : [] };
      // A login on the way may be of another user, whose key differs.
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
  return { busy, error, send };
}

/** Names offered to choose from: as many as a drop-down can draw at once without a pause. */
const mostOffered = 1000;
/** More reviewers than this are refused by main as well, which bounds the size of a request. */
const mostReviewers = 300;

function ReviewersField({ ask: { capabilities, dryRun, reviewers, keep } }: { ask: Ask }) {
  return (
    <TagsInput
      label="Reviewers"
      placeholder={reviewers.length === 0 ? 'Anybody who may review' : undefined}
      data={[...new Set([...(capabilities?.reviewers ?? []), ...(dryRun.result?.reviewers ?? [])])].slice(0, mostOffered)}
      value={reviewers}
      onChange={(names) => keep({ reviewers: names })}
      maxTags={mostReviewers}
      openOnFocus={false}
      clearable
      clearButtonProps={{ 'aria-label': 'Remove all reviewers' }}
    />
  );
}
