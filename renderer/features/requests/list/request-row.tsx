import { memo } from 'react';
import type { AccessRequest } from '../../../../shared/model/access-request.ts';
import listPage from '../../../ui/list-page.module.css';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { agoText, untilText } from '../../../ui/words/time-text.ts';
import { Standing } from '../details/standing.tsx';
import { wantedText } from '../request-words.ts';
import classes from '../requests.module.css';

interface Props {
  id: string;
  index: number;
  /** Pixels from the top of the list. */
  start: number;
  /** Undefined while its page is on the way. */
  request: AccessRequest | undefined;
  selected: boolean;
  /** Marked to be assumed together with others. */
  marked: boolean;
  /** By the server's clock, renewed now and then. */
  now: number;
  /** The same object as long as the list is drawn. */
  actions: { open(request: string): void; mark(request: AccessRequest): void };
}

export const RequestRow = memo(function RequestRow({ id, index, start, request, selected, marked, now, actions }: Props) {
  const position = { transform: `translateY(${start}px)` };
  if (!request) {
    return (
      <div id={id} role="row" aria-rowindex={index + 2} aria-busy className={listPage.row} style={position}>
        <div role="gridcell">
          <span className={`${listPage.bone} ${classes.bone}`} />
        </div>
      </div>
    );
  }
  const wanted = wantedText(request);
  const { created, expires } = request;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected || marked}
      data-marked={marked || undefined}
      className={listPage.row}
      style={position}
      onClick={({ ctrlKey, metaKey }) => (ctrlKey || metaKey ? actions.mark(request) : actions.open(request.id))}
    >
      <div role="gridcell">
        <Standing request={request} now={now} />
      </div>
      <div role="gridcell" className={classes.cell}>
        <Untrusted text={request.own ? 'You' : request.user} most={100} className={classes.user} />
      </div>
      <div role="gridcell" className={classes.cell}>
        <Untrusted text={wanted} most={200} className={classes.wanted} />
        <Untrusted text={request.reason.slice(0, 400).replace(/\s+/g, ' ')} most={160} className={classes.reason} />
      </div>
      <div role="gridcell" className={classes.time}>
        {created === null ? '' : agoText(created, now)}
      </div>
      <div role="gridcell" className={`${classes.time} ${classes.ends}`}>
        {expires === null ? '' : untilText(expires, now)}
      </div>
    </div>
  );
});
