import type { IBufferRange, Terminal } from '@xterm/xterm';
import type { Platform } from '../../../../shared/settings/keymap.ts';
import { TextLinkProvider } from './link-provider.ts';

/** A link under the pointer or clicked. `shown` is its text on screen, which a program may choose freely. */
export interface TerminalLink {
  target: string;
  shown: string;
}

export interface LinkEvents {
  /** Clicked with Ctrl or Cmd. */
  link(link: TerminalLink): void;
  /** The pointer is over a link, or over none any more. */
  hover(link: TerminalLink | null, at: { x: number; y: number }): void;
}

/** Reports hovers and clicks on links of both kinds: those that a program marks (OSC 8), and web addresses in the text. */
export function watchLinks(terminal: Terminal, platform: Platform, events: Partial<LinkEvents>): void {
  const click = (event: MouseEvent, link: TerminalLink) => {
    if (platform === 'darwin' ? event.metaKey : event.ctrlKey) events.link?.(link);
  };
  const hover = ({ clientX: x, clientY: y }: MouseEvent, link: TerminalLink) => events.hover?.(link, { x, y });
  const leave = () => events.hover?.(null, { x: 0, y: 0 });
  terminal.options.linkHandler = {
    activate: (event, target, range) => click(event, { target, shown: textOf(terminal, range) }),
    hover: (event, target, range) => hover(event, { target, shown: textOf(terminal, range) }),
    leave,
  };
  terminal.registerLinkProvider(
    new TextLinkProvider(terminal, {
      activate: (event, text) => click(event, { target: text, shown: text }),
      hover: (event, text) => hover(event, { target: text, shown: text }),
      leave,
    }),
  );
}

/** The text on screen in a range of 1-based cells, over at most 20 lines. */
function textOf(terminal: Terminal, { start, end }: IBufferRange): string {
  const lines: string[] = [];
  for (let y = start.y; y <= Math.min(end.y, start.y + 20); y++) {
    const line = terminal.buffer.active.getLine(y - 1);
    lines.push(line?.translateToString(false, y === start.y ? start.x - 1 : 0, y === end.y ? end.x : undefined) ?? '');
  }
  return lines.join('');
}
