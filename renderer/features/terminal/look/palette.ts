import type { ITheme } from '@xterm/xterm';

/**
 * The contrast that text has to what is behind it at least (WCAG 2.2, AA). xterm changes the colour of text that has less, whatever
 * pair of colours a program chooses; text that is to be dim has half of it.
 */
export const leastContrast = 4.5;

/**
 * Terminal colours of both themes. Black and white are the true ends in both, because programs put them on coloured backgrounds (tmux,
 * htop, mc, dialog); the colours themselves can be read on the theme's background as they are.
 */
export const palettes: Record<'light' | 'dark', Required<Pick<ITheme, PaletteName>> & ITheme> = {
  dark: {
    background: '#17191d',
    foreground: '#e3e6eb',
    cursor: '#e3e6eb',
    cursorAccent: '#17191d',
    selectionBackground: '#36537d',
    selectionInactiveBackground: '#333a45',
    black: '#000000',
    red: '#ff7b76',
    green: '#71c77f',
    yellow: '#dcb455',
    blue: '#74aaf7',
    magenta: '#cf93ea',
    cyan: '#5cc5cf',
    white: '#e3e6eb',
    brightBlack: '#9aa3af',
    brightRed: '#ffa19c',
    brightGreen: '#96e0a1',
    brightYellow: '#f2d27e',
    brightBlue: '#9dc5ff',
    brightMagenta: '#e2b5f6',
    brightCyan: '#8adfe6',
    brightWhite: '#ffffff',
  },
  light: {
    background: '#ffffff',
    foreground: '#1c2128',
    cursor: '#1c2128',
    cursorAccent: '#ffffff',
    selectionBackground: '#b5d2fb',
    selectionInactiveBackground: '#dde1e7',
    black: '#000000',
    red: '#b3261e',
    green: '#1a6b2f',
    yellow: '#7d5700',
    blue: '#1556b8',
    magenta: '#8a2ca0',
    cyan: '#0b6470',
    white: '#dfe3e8',
    brightBlack: '#666f7c',
    brightRed: '#c93a2f',
    brightGreen: '#217a39',
    brightYellow: '#8a6100',
    brightBlue: '#2a66cc',
    brightMagenta: '#9c3fb3',
    brightCyan: '#147380',
    brightWhite: '#ffffff',
  },
};

export const ansiNames = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

type PaletteName = (typeof ansiNames)[number] | 'background' | 'foreground';

/** Contrast ratio of two `#rrggbb` colours (WCAG 2.2, "contrast ratio"), 1 to 21. */
export function contrast(a: string, b: string): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
