import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import { type TerminalLook, terminalLook } from './look/terminal-look.ts';

/** The look of all terminals, from the settings, the app's theme and this machine. The same object while none of them changes. */
export function useTerminalLook(): TerminalLook {
  const app = useApp();
  const settings = useStore(app.settings, ({ values }) => values.terminal);
  const theme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const screenReader = useStore(app.settings, (state) => state.screenReader);
  const { platform } = app.info;
  return useMemo(() => terminalLook(settings, theme, { platform, screenReader }), [settings, theme, platform, screenReader]);
}
