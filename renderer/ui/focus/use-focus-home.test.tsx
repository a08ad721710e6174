// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { useFocusHome } from './use-focus-home.ts';

afterEach(cleanup);

/** A list with a bar above it that goes away, and a way to leave for another place. */
function Part({ bar, wanted = true }: { bar: boolean; wanted?: boolean }) {
  const list = useRef<HTMLUListElement>(null);
  const [shown, setShown] = useState(true);
  const goHome = useFocusHome(() => list.current, { cause: bar, wanted });
  return (
    <>
      {bar && <button type="button">Try again</button>}
      <input aria-label="Search" />
      <button
        type="button"
        onClick={() => {
          setShown(!shown);
          goHome();
        }}
      >
        Turn over
      </button>
      {shown && <ul ref={list} aria-label="First" tabIndex={-1} />}
      {!shown && <ul ref={list} aria-label="Second" tabIndex={-1} />}
    </>
  );
}

test('the focus of an element that went away goes home', () => {
  const { rerender } = render(<Part bar />);
  act(() => screen.getByRole('button', { name: 'Try again' }).focus());
  rerender(<Part bar={false} />);
  expect(document.activeElement).toBe(screen.getByRole('list', { name: 'First' }));
});

test('an element that has the focus keeps it', () => {
  const { rerender } = render(<Part bar />);
  act(() => screen.getByRole('textbox', { name: 'Search' }).focus());
  rerender(<Part bar={false} />);
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Search' }));
});

test('a part that appears takes the focus that nothing has', () => {
  render(<Part bar />);
  expect(document.activeElement).toBe(screen.getByRole('list', { name: 'First' }));
});

test('a part that is not in front takes nothing', () => {
  const { rerender } = render(<Part bar wanted={false} />);
  act(() => screen.getByRole('button', { name: 'Try again' }).focus());
  rerender(<Part bar={false} wanted={false} />);
  expect(document.activeElement).toBe(document.body);
});

test('it can be sent home to an element that is drawn only then, again and again', async () => {
  const user = userEvent.setup();
  render(<Part bar={false} />);
  await user.click(screen.getByRole('button', { name: 'Turn over' }));
  expect(document.activeElement).toBe(screen.getByRole('list', { name: 'Second' }));
  await user.click(screen.getByRole('button', { name: 'Turn over' }));
  expect(document.activeElement).toBe(screen.getByRole('list', { name: 'First' }));
});
