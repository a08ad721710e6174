import type { AccessRequest } from '../../../../shared/model/access-request.ts';
import { standingText } from '../request-words.ts';
import classes from '../requests.module.css';

/** Where a request stands, as a small coloured word. `now` is the server's time. */
export function Standing({ request, now }: { request: AccessRequest; now: number }) {
  const tone = request.assumed ? 'assumed' : request.waiting ? 'waiting' : request.state;
  return (
    <span className={classes.standing} data-tone={tone}>
      {standingText(request, now)}
    </span>
  );
}
