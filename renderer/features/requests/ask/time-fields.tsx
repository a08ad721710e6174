import { Collapse, Select } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { RequestsOverview } from '../../../../shared/model/access-request.ts';
import { serverTime } from '../../../state/requests.ts';
import { chosen, durationChoices, lifetimeChoices } from '../times.ts';
import classes from './ask.module.css';
import { StartField } from './start-field.tsx';
import type { Ask } from './use-ask.ts';

interface Props {
  ask: Pick<Ask, 'typed' | 'keep' | 'limits'>;
  overview: RequestsOverview;
}

/** From when and for how long; and, where somebody wants to be exact, how long the request waits and a session lasts. */
export function TimeFields({ ask: { typed, keep, limits }, overview }: Props) {
  const [more, setMore] = useState(false);
  const now = serverTime(overview, Date.now());
  const lasting = (end: number | null | undefined) => (end ? Math.max(0, end - now) : null);
  const lengthText = (length: number | null) => (length === null ? '' : String(length));
  return (
    <>
      <div className={classes.pair}>
        {overview.features.startTimes && (
          <StartField
            label="Start"
            unchanged="At once"
            value={typed.start}
            overview={overview}
            latest={limits?.maxDuration ? now + limits.maxDuration : null}
            onChange={(time) => keep({ start: time })}
          />
        )}
        <Select
          label="For"
          data={durationChoices(limits?.maxDuration ?? null)}
          value={lengthText(typed.duration)}
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
            data={lifetimeChoices(lasting(limits?.requestExpires))}
            value={lengthText(typed.requestTtl)}
            onChange={(value) => keep({ requestTtl: chosen(value) })}
          />
          <Select
            label="Sessions last"
            data={lifetimeChoices(lasting(limits?.sessionExpires))}
            value={lengthText(typed.sessionTtl)}
            onChange={(value) => keep({ sessionTtl: chosen(value) })}
          />
        </div>
      </Collapse>
    </>
  );
}
