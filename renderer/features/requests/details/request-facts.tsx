import { type ReactNode, useState } from 'react';
import type { AccessRequestDetail, NamedResource } from '../../../../shared/model/access-request.ts';
import { resourceIdText } from '../../../../shared/model/access-request.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { UntrustedBlock } from '../../../ui/untrusted-block.tsx';
import { durationText, momentText, untilText } from '../../../ui/words/time-text.ts';
import classes from '../details.module.css';
import { accessLength, loginsText, resourceKindName, resourceName } from '../request-words.ts';

const resourcesShown = 12;

interface Props {
  detail: AccessRequestDetail;
  /** The server's time. */
  now: number;
  /** Milliseconds that the server's clock is ahead of this computer's, whose clock people read. */
  offset: number;
}

/** What is asked for, why, from when and for how long, and what it would give. */
export function RequestFacts({ detail: { request, grants }, now, offset }: Props) {
  const { roles, resources, reason, assumeStart, expires, requestExpires, reviewers } = request;
  const length = accessLength(request);
  const moment = (time: number) => momentText(time - offset, now - offset);
  return (
    <>
      <dl className={classes.facts}>
        <Fact name="Reason">{reason === '' ? <span className={classes.dim}>None given</span> : <UntrustedBlock text={reason} />}</Fact>
        {resources.length > 0 && (
          <Fact name={resources.length === 1 ? 'Resource' : `${resources.length} resources`}>
            <Resources resources={resources} />
          </Fact>
        )}
        {roles.length > 0 && (
          <Fact name={roles.length === 1 ? 'Role' : 'Roles'}>
            <Names names={roles} />
          </Fact>
        )}
        {(length !== null || request.longTerm) && (
          <Fact name="For">{request.longTerm ? 'A long time, by an access list' : durationText(length ?? 0)}</Fact>
        )}
        <Fact name="From">
          {assumeStart === null ? 'At once' : `${moment(assumeStart)}${assumeStart > now ? ` (${untilText(assumeStart, now)})` : ''}`}
        </Fact>
        {expires !== null && <Fact name="Access ends">{`${moment(expires)} (${untilText(expires, now)})`}</Fact>}
        {requestExpires !== null && request.state === 'pending' && <Fact name="Waits until">{moment(requestExpires)}</Fact>}
        {reviewers.length > 0 && (
          <Fact name="Reviewers">
            <Names names={reviewers} />
          </Fact>
        )}
      </dl>
      {grants && grants.length > 0 && (
        <section className={classes.section} aria-label="What the roles give">
          <h3>What the roles give</h3>
          <ul className={classes.grants}>
            {grants.slice(0, 50).map(({ role, logins, description }) => (
              <li key={role}>
                <Untrusted text={role} most={100} mono />
                {description !== '' && <Untrusted text={description} most={300} wrap className={classes.dim} />}
                {logins.length > 0 && (
                  <span className={classes.dim}>
                    Logins: <Untrusted text={loginsText(logins)} most={300} wrap />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <span className={classes.names}>
      {names.slice(0, 100).map((name) => (
        <Untrusted key={name} text={name} most={100} className={classes.name} />
      ))}
      {names.length > 100 && <span className={classes.dim}>and {names.length - 100} more</span>}
    </span>
  );
}

function Resources({ resources }: { resources: readonly NamedResource[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? resources : resources.slice(0, resourcesShown);
  return (
    <ul className={classes.resources}>
      {shown.map((resource) => (
        <li key={resourceIdText(resource.id)}>
          <Untrusted text={resourceName(resource)} most={300} wrap />
          <span className={classes.dim}>{resourceKindName(resource.id.kind)}</span>
        </li>
      ))}
      {resources.length > resourcesShown && (
        <li>
          <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${resources.length}`}
          </button>
        </li>
      )}
    </ul>
  );
}
