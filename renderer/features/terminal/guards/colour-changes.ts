import type { Terminal } from '@xterm/xterm';

/**
 * Draws changes of the palette (OSC 4, 10 to 12, 104 to 112) once a frame: for each of them xterm writes its whole style sheet anew and
 * draws the whole screen. Call it once the terminal is open.
 */
export function gatherColourChanges(terminal: Terminal): void {
  const theme = terminal._core._themeService;
  if (!theme) return;
  const changed = theme._onChangeColors;
  const fire = changed.fire.bind(changed);
  let waiting = false;
  changed.fire = (colours) => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      fire(colours);
    });
  };
}
