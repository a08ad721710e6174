import { useMediaQuery } from '@mantine/hooks';
import type { Settings } from '../../shared/settings/settings.ts';

/** What to draw in, following the operating system where the settings say so. */
export function useColorScheme(setting: Settings['theme']): 'light' | 'dark' {
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false });
  if (setting !== 'system') return setting;
  return systemIsDark ? 'dark' : 'light';
}
