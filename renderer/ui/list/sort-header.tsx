import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import classes from '../list-page.module.css';

interface Props<F extends string> {
  name: string;
  field: F;
  sort: { readonly field: F; readonly descending: boolean };
  /** The order that a first click asks for. */
  descendingFirst?: boolean;
  /** Tab passes it by: the list has keys of its own for it. */
  skipped?: boolean;
  className?: string | undefined;
  onSort(sort: { field: F; descending: boolean }): void;
}

/** The head of a column by which a list can be sorted; a second click turns the order round. */
export function SortHeader<F extends string>({ name, field, sort, descendingFirst = false, skipped = false, className, onSort }: Props<F>) {
  const mine = sort.field === field;
  const Arrow = sort.descending ? IconChevronDown : IconChevronUp;
  return (
    <div role="columnheader" className={className} data-field={field} aria-sort={mine ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        tabIndex={skipped ? -1 : undefined}
        className={classes.sort}
        onClick={() => onSort({ field, descending: mine ? !sort.descending : descendingFirst })}
      >
        {name}
        {mine && <Arrow size={13} aria-hidden />}
      </button>
    </div>
  );
}
