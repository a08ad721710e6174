import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach } from 'vitest';
import { fakeFiles } from './fake-files.ts';
import { renderApp } from './render-app.tsx';
import { sampleCluster } from './samples.ts';
import { filesTab } from './screens/files-screens.ts';

let dispose = () => {};
afterEach(() => dispose());

type Options = NonNullable<Parameters<typeof fakeFiles>[0]>;
export const patience = { timeout: 10_000 };

export async function setUp(options: Options = {}, change: Parameters<typeof renderApp>[0] = {}) {
  const { world, topics } = fakeFiles(options);
  const app = await renderApp({ clusters: [sampleCluster()], workspace: { documents: [filesTab], active: 'f' }, ...world, ...change });
  dispose = app.dispose;
  return { ...app, fileTopics: topics };
}
export const grid = (name: RegExp) => screen.findByRole('grid', { name }, patience);
export const remote = () => grid(/^root@api-1, /);
export const local = () => grid(/^This computer, /);
export const names = (element: HTMLElement) =>
  within(element)
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]!.textContent);
export const rowOf = async (element: HTMLElement, name: string) => {
  const cell = await within(element).findByText(name, {}, patience);
  return cell.closest<HTMLElement>('[role="row"]')!;
};

/** Chosen by mouse, with the keyboard on the list. Without positions: to the panes' separators, every point of jsdom's page is theirs. */
export const pick = async (list: HTMLElement, name: string) => {
  fireEvent.click(await rowOf(list, name));
  list.focus();
};
export const type = async (user: Awaited<ReturnType<typeof setUp>>['user'], field: HTMLElement, text: string) => {
  field.focus();
  await user.keyboard(text);
};
