// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { completeDom } from '../../fakes/complete-dom.ts';
import { VirtualGrid } from './virtual-grid.tsx';

beforeEach(completeDom);
afterEach(cleanup);

const names = (count: number) => Array.from({ length: count }, (_, index) => `row ${index}`);

interface Props {
  rows: readonly string[];
  first?: string;
  stale?: boolean;
  head?: boolean;
  onKey?(key: string): boolean;
  onGo?(index: number, shift: boolean): void;
  onShow?(first: number, last: number): void;
}

/** A list whose active row is known by its name, as in lists that are sorted anew. Rows are 30 of 600 pixels high: twenty are in sight. */
function List({ rows, first = '', stale = false, head = false, onKey, onGo, onShow }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(first);
  return (
    <VirtualGrid
      gridRef={grid}
      aria-label="Rows"
      head={head && <div role="row">Head</div>}
      rows={rows.length}
      rowHeight={30}
      active={rows.indexOf(active)}
      activeKey={active}
      keyOf={(index) => rows[index] ?? index}
      stale={stale}
      onGo={(index, event) => {
        setActive(rows[index] ?? '');
        onGo?.(index, event.shiftKey);
      }}
      onKey={(event) => onKey?.(event.key) ?? false}
      {...(onShow && { onShow })}
    >
      {({ id, index }) => (
        <div id={id} role="row" aria-selected={rows[index] === active}>
          {rows[index]}
          <input aria-label={`Note of ${rows[index]}`} />
        </div>
      )}
    </VirtualGrid>
  );
}

const grid = () => screen.getByRole('grid', { name: 'Rows' });
/** What a screen reader says the keyboard is on. */
const spoken = () => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')?.textContent;
const scrollTo = (row: number) => act(async () => grid().scrollTo({ top: row * 30 }));
const topRow = () => grid().scrollTop / 30;

async function setUp(props: Props) {
  const user = userEvent.setup();
  const drawn = render(<List {...props} />);
  await act(async () => grid().focus());
  return { user, again: (next: Props) => act(async () => drawn.rerender(<List {...next} />)) };
}

describe('rows', () => {
  test('only those in sight are drawn, and a few around them', async () => {
    const onShow = vi.fn();
    await setUp({ rows: names(10_000), onShow });
    expect(screen.getAllByRole('row').length).toBeLessThan(50);
    await scrollTo(5000);
    screen.getByText('row 5000');
    expect(screen.queryByText('row 0')).toBeNull();
    const [first, last] = onShow.mock.lastCall ?? [];
    expect(first).toBeLessThanOrEqual(5000);
    expect(last).toBeGreaterThanOrEqual(5019);
  });

  test('a list of a new query goes back to its top', async () => {
    const { again } = await setUp({ rows: names(1000) });
    await scrollTo(500);
    await again({ rows: names(1000), stale: true });
    expect(topRow()).toBe(0);
  });
});

describe('keys', () => {
  test('arrows, Home and End walk; the active row is named and scrolled to', async () => {
    const { user } = await setUp({ rows: names(1000) });
    expect(spoken()).toBeUndefined();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(spoken()).toBe('row 1');
    await user.keyboard('{End}');
    expect(spoken()).toBe('row 999');
    await user.keyboard('{ArrowUp}');
    expect(spoken()).toBe('row 998');
    await user.keyboard('{Home}');
    expect(spoken()).toBe('row 0');
    expect(document.activeElement).toBe(grid());
  });

  test('a page is what is in sight but one row, and one less under headers', async () => {
    const { user } = await setUp({ rows: names(1000) });
    await user.keyboard('{Home}{PageDown}');
    expect(spoken()).toBe('row 19');
    cleanup();
    const other = await setUp({ rows: names(1000), head: true });
    await other.user.keyboard('{Home}{PageDown}');
    expect(spoken()).toBe('row 18');
    await other.user.keyboard('{PageUp}');
    expect(spoken()).toBe('row 0');
  });

  test('the list’s own keys come first, and what it takes moves nothing', async () => {
    const onKey = vi.fn((key: string) => key === 'ArrowDown');
    const { user } = await setUp({ rows: names(10), onKey });
    await user.keyboard('{ArrowDown}x');
    expect(onKey.mock.calls).toEqual([['ArrowDown'], ['x']]);
    expect(spoken()).toBeUndefined();
  });

  test('Shift is told, for lists that mark ranges', async () => {
    const onGo = vi.fn();
    const { user } = await setUp({ rows: names(10), onGo });
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{/Shift}');
    expect(onGo.mock.calls).toEqual([
      [0, false],
      [1, true],
    ]);
  });

  test('keys typed into something inside of a row stay there', async () => {
    const onKey = vi.fn(() => true);
    const { user } = await setUp({ rows: names(10), onKey });
    act(() => screen.getByRole('textbox', { name: 'Note of row 3' }).focus());
    await user.keyboard('x{ArrowDown}');
    expect(onKey).not.toHaveBeenCalled();
    expect(spoken()).toBeUndefined();
  });
});

describe('the active row', () => {
  const moved = (rows: readonly string[], name: string, to: number) => {
    const others = rows.filter((row) => row !== name);
    return [...others.slice(0, to), name, ...others.slice(to)];
  };

  test('is scrolled to when another one becomes it', async () => {
    await setUp({ rows: names(1000), first: 'row 400' });
    expect(topRow()).toBeGreaterThan(380);
    expect(spoken()).toBe('row 400');
  });

  test('is followed when it was in sight and the list is sorted anew', async () => {
    const rows = names(1000);
    const { again } = await setUp({ rows, first: 'row 3' });
    await again({ rows: moved(rows, 'row 3', 700), first: 'row 3' });
    expect(spoken()).toBe('row 3');
    expect(topRow()).toBeGreaterThan(680);
  });

  test('is not followed when somebody had scrolled away from it', async () => {
    const rows = names(1000);
    const { again } = await setUp({ rows, first: 'row 3' });
    await scrollTo(500);
    await again({ rows: ['new', ...rows], first: 'row 3' });
    expect(topRow()).toBe(500);
  });

  test('out of sight is not named, since it is not drawn', async () => {
    await setUp({ rows: names(1000), first: 'row 3' });
    await scrollTo(500);
    expect(spoken()).toBeUndefined();
  });
});
