import { MantineProvider } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { AppError } from '../../shared/errors/app-error.ts';
import { theme } from '../theme/theme.ts';
import { useColorScheme } from '../theme/use-color-scheme.ts';
import { MessageView } from '../ui/message-view.tsx';

/** The window when there is no connection to the app behind it: in the browser host, a page without a key. */
export function NotAdmittedView({ error }: { error: unknown }) {
  const text = error instanceof AppError ? error.message : 'Slipway does not answer. Start it again, and open the address that it prints.';
  return (
    <MantineProvider theme={theme} forceColorScheme={useColorScheme('system')}>
      <MessageView tone="bad" icon={<IconLock size={22} />} title="This page may not use Slipway yet" text={text} />
    </MantineProvider>
  );
}
