import type { Commands } from '../workbench/commands.ts';
import type { createFakeApp, FakeWorld } from './fake-app.ts';

export type FakeApp = ReturnType<typeof createFakeApp> & { commands: Commands };

/** One state of the app: a made-up world, and what a person does in it until the state is there. */
export interface Screen {
  readonly world: FakeWorld;
  act?(app: FakeApp): Promise<unknown> | unknown;
}
