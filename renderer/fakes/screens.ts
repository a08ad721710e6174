import type { Commands } from '../app/commands.ts';
import type { createFakeApp, FakeWorld } from './fake-app.ts';
import { filesScreens } from './files-screens.ts';
import { gatewayScreens } from './gateway-screens.ts';
import { loginScreens } from './login-screens.ts';
import { requestsScreens } from './requests-screens.ts';
import { resourceScreens } from './resource-screens.ts';
import { shellScreens } from './shell-screens.ts';
import { telemetryScreens } from './telemetry-screens.ts';
import { terminalScreens } from './terminal-screens.ts';

export type FakeApp = ReturnType<typeof createFakeApp> & { commands: Commands };

/** One state of the app: a made-up world, and what a person does in it until the state is there. */
export interface Screen {
  readonly world: FakeWorld;
  act?(app: FakeApp): Promise<unknown> | unknown;
}

export const screens: Record<string, Screen> = {
  ...shellScreens,
  ...resourceScreens,
  ...loginScreens,
  ...requestsScreens,
  ...filesScreens,
  ...gatewayScreens,
  ...terminalScreens,
  ...telemetryScreens,
};
