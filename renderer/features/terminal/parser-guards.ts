import type { Terminal } from '@xterm/xterm';

interface CsiParameters {
  params: Int32Array;
}

/** xterm's inner terminal: the only place where a handler gets a sequence's parameters to change, not a copy. */
interface InnerTerminal {
  registerCsiHandler(id: { final: string }, handler: (params: CsiParameters) => boolean): { dispose(): void };
}

/**
 * Caps the counts that xterm 6.0.0 loops over or allocates for without a bound: one `CSI 2147483647 S` would hold the page
 * for minutes, one `CSI 2147483647 b` makes the parser throw. A larger count than the screen means the same as the
 * screen's. Also refuses what a program could use to reach outside its screen: the clipboard (OSC 52) and window
 * manipulation (`CSI … t`, title reports included; pushing and popping the title stays).
 */
export function guardParser(terminal: Terminal): void {
  const inner = (terminal as unknown as { _core: InnerTerminal })._core;
  const cap = (final: string, most: () => number) =>
    inner.registerCsiHandler({ final }, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most());
      return false;
    });
  for (const final of ['S', 'T', 'L', 'M']) cap(final, () => terminal.rows);
  for (const final of ['I', 'Z', 'b']) cap(final, () => terminal.cols);
  terminal.parser.registerOscHandler(52, () => true);
  terminal.parser.registerCsiHandler({ final: 't' }, ([kind]) => kind !== 22 && kind !== 23);
}
