import { useState } from 'react';
import { displayText } from './display-text.ts';
import classes from './untrusted-block.module.css';

/** What is shown before "Show all". */
const shortLines = 6;
const shortLength = 480;
/** What is drawn at all. */
const mostLines = 400;
const mostLength = 20_000;

/** Several lines that somebody else wrote, as plain text: each line isolated in its direction, misleading characters visible, long ones folded. */
export function UntrustedBlock({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const lines = text
    .slice(0, mostLength)
    .split(/\r\n|\r|\n/)
    .slice(0, mostLines);
  const long = lines.length > shortLines || text.length > shortLength;
  const shown = all || !long ? lines : lines.join('\n').slice(0, shortLength).split('\n').slice(0, shortLines);
  return (
    <div className={classes.block}>
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
        <bdi key={index} className={classes.line}>
          {displayText(line, mostLength)}
        </bdi>
      ))}
      {long && (
        <button type="button" className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  );
}
