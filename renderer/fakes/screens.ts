import type { Screen } from './screen.ts';
import { filesScreens } from './screens/files-screens.ts';
import { gatewayScreens } from './screens/gateway-screens.ts';
import { loginScreens } from './screens/login-screens.ts';
import { requestsScreens } from './screens/requests-screens.ts';
import { resourceScreens } from './screens/resource-screens.ts';
import { shellScreens } from './screens/shell-screens.ts';
import { telemetryScreens } from './screens/telemetry-screens.ts';
import { terminalScreens } from './screens/terminal-screens.ts';

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
