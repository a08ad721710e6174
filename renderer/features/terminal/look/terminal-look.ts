import type { ITerminalOptions } from '@xterm/xterm';
import type { Platform } from '../../../../shared/settings/keymap.ts';
import type { Settings } from '../../../../shared/settings/settings.ts';
import { leastContrast, palettes } from './palette.ts';

/** All of a terminal's behaviour that settings decide, resolved for this machine. Changes take effect in open terminals. */
export interface TerminalLook {
  theme: 'light' | 'dark';
  fontFamily: string;
  fontSize: number;
  scrollback: number;
  screenReader: boolean;
  renderer: Settings['terminal']['renderer'];
  copyOnSelect: boolean;
  rightClick: Settings['terminal']['rightClick'];
}

const fonts: Record<Platform, string> = {
  darwin: 'Menlo, Monaco, monospace',
  win32: '"Cascadia Mono", Consolas, monospace',
  linux: '"DejaVu Sans Mono", "Liberation Mono", "Droid Sans Mono", monospace',
  other: 'monospace',
};

export function terminalLook(
  settings: Settings['terminal'],
  theme: 'light' | 'dark',
  machine: { platform: Platform; screenReader: boolean },
): TerminalLook {
  return {
    theme,
    fontFamily: fontFamily(settings.fontFamily, machine.platform),
    fontSize: settings.fontSize,
    scrollback: settings.scrollback,
    screenReader: settings.screenReader === 'auto' ? machine.screenReader : settings.screenReader === 'on',
    renderer: settings.renderer,
    copyOnSelect: settings.copyOnSelect,
    rightClick: settings.rightClick,
  };
}

/** The person's font before the platform's own. xterm writes it into a style sheet, so only what a font's name needs passes. */
export function fontFamily(typed: string, platform: Platform): string {
  const clean = typed.replace(/[^\p{L}\p{N} ,.'"_-]/gu, '').trim();
  const balanced = [`"`, `'`].every((quote) => clean.split(quote).length % 2 === 1);
  const own = balanced ? clean : clean.replace(/["']/g, '');
  return own === '' ? fonts[platform] : `${own}, ${fonts[platform]}`;
}

export function terminalOptions(look: TerminalLook) {
  return {
    theme: palettes[look.theme],
    minimumContrastRatio: leastContrast,
    fontFamily: look.fontFamily,
    fontSize: look.fontSize,
    scrollback: look.scrollback,
    screenReaderMode: look.screenReader,
    rightClickSelectsWord: look.rightClick === 'menu',
  } satisfies ITerminalOptions;
}
