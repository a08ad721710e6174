import type { ReactNode } from 'react';
import classes from './message-view.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  text?: ReactNode;
  tone?: 'quiet' | 'bad';
  /** Buttons. */
  children?: ReactNode;
  /** Announced by screen readers when it appears. */
  announce?: boolean;
}

/** A state that fills a page: nothing here, nothing found, offline, an error. */
export function MessageView({ icon, title, text, tone = 'quiet', children, announce = true }: Props) {
  return (
    <div className={classes.root} role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      <div className={tone === 'bad' ? classes.iconBad : classes.icon} aria-hidden>
        {icon}
      </div>
      <h2 className={classes.title}>{title}</h2>
      {text && <p className={classes.text}>{text}</p>}
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
