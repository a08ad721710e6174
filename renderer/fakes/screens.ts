import type { Commands } from '../workbench/commands.ts';
import type { createFakeApp, FakeWorld } from './fake-app.ts';
import { filesScreens } from './screens/files-screens.ts';
import { gatewayScreens } from './screens/gateway-screens.ts';
import { loginScreens } from './screens/login-screens.ts';
import { requestsScreens } from './screens/requests-screens.ts';
import { resourceScreens } from './screens/resource-screens.ts';
import { shellScreens } from './screens/shell-screens.ts';
import { telemetryScreens } from './screens/telemetry-screens.ts';
import { terminalScreens } from './screens/terminal-screens.ts';

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
