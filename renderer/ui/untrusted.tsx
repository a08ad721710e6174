import type { CSSProperties } from 'react';
import { displayText } from './display-text.ts';
import classes from './untrusted.module.css';

interface Props {
  text: string;
  /** UTF-16 units drawn at most. */
  most?: number;
  /** Breaks into several lines instead of ending in an ellipsis. */
  wrap?: boolean;
  mono?: boolean;
  className?: string;
  style?: CSSProperties;
}

/** Text that somebody else wrote: isolated from the direction of what stands around it, on one line, cut. */
export function Untrusted({ text, most, wrap = false, mono = false, className, style }: Props) {
  const shown = displayText(text, most);
  const names = [classes.text, wrap ? classes.wrap : classes.line, mono && classes.mono, className];
  return (
    <bdi className={names.filter(Boolean).join(' ')} style={style} title={wrap ? undefined : shown}>
      {shown}
    </bdi>
  );
}
