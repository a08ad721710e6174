import { useEffect, useRef } from 'react';
import { displayText } from '../../../../ui/display-text.ts';
import classes from '../../files.module.css';
import type { Side } from '../../side.ts';
import { PathField } from './path-field.tsx';
import { crumbsOf } from './paths.ts';

interface Props {
  side: Side;
  path: string;
  editing: boolean;
  onEdit(editing: boolean): void;
  onOpen(path: string): void;
}

/** Where the pane is: every folder on the way as a button, or the path as text to type. */
export function PathBar({ side, path, editing, onEdit, onOpen }: Props) {
  const strip = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path, another end
  useEffect(() => {
    if (strip.current) strip.current.scrollLeft = strip.current.scrollWidth;
  }, [path, editing]);
  if (editing) {
    return (
      <PathField
        side={side}
        path={path}
        onCancel={() => onEdit(false)}
        onOpen={(to) => {
          onEdit(false);
          onOpen(to);
        }}
      />
    );
  }
  const crumbs = path === '' ? [] : crumbsOf(side.style, path);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button at its end does the same for the keyboard
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: a wider aim for the mouse
    <nav ref={strip} className={classes.crumbs} aria-label={`Path on ${displayText(side.label, 80)}`} onClick={() => onEdit(true)}>
      {crumbs.map((crumb, index) => (
        <span key={crumb.path} className={classes.crumbPart}>
          {index > 1 && <span aria-hidden>/</span>}
          <button
            type="button"
            className={classes.crumb}
            aria-current={index === crumbs.length - 1 ? 'location' : undefined}
            title={displayText(crumb.path, 400)}
            onClick={(event) => {
              event.stopPropagation();
              onOpen(crumb.path);
            }}
          >
            <bdi>{displayText(crumb.name, 60)}</bdi>
          </button>
        </span>
      ))}
      <button type="button" className={classes.typePath} onClick={() => onEdit(true)}>
        Type a path
      </button>
    </nav>
  );
}
