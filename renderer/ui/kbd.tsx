import classes from './kbd.module.css';

/** The keys of a command, as the platform writes them. */
export function Kbd({ keys }: { keys: string }) {
  if (keys === '') return null;
  const parts = /[⌘⌃⌥⇧]/.test(keys) ? [keys] : keys.split(/\+(?!$)/);
  return (
    <span className={classes.keys}>
      {parts.map((part) => (
        <kbd key={part} className={classes.key}>
          {part}
        </kbd>
      ))}
    </span>
  );
}
