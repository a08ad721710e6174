import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { displayText } from '../../../ui/display-text.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import classes from '../bars.module.css';
import type { Marked } from '../list/use-marked.ts';
import { wantedText } from '../request-words.ts';

/** What is marked, and the way to assume it at once; or why that cannot be. */
export function AssumeBar({ marks: { marked, problem, blocked, busy, clear, assume } }: { marks: Marked }) {
  if (marked.length === 0 && problem === '') return null;
  return (
    <section className={classes.basket} aria-label="Marked requests">
      <IconKey size={15} aria-hidden />
      <span className={classes.text}>
        {marked.length > 0 && `${marked.length} marked: `}
        <Untrusted text={marked.map(wantedText).join('; ')} most={200} className={classes.strong} />
        {problem !== '' && (
          <bdi role="alert" className={classes.problem}>
            {displayText(problem, 300)}
          </bdi>
        )}
      </span>
      {marked.length > 0 && (
        <>
          <Button size="compact-sm" variant="default" onClick={clear}>
            Clear
          </Button>
          <Button size="compact-sm" loading={busy} disabled={blocked} aria-keyshortcuts="a" title="A" onClick={() => void assume()}>
            {marked.length === 1 ? 'Assume it' : 'Assume them together'}
          </Button>
        </>
      )}
    </section>
  );
}
