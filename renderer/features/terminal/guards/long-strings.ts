import type { Terminal } from '@xterm/xterm';

/**
 * Characters of one string sequence (OSC, DCS) that are kept until its end. The longest that Slipway understands is a hyperlink, 2 ×
 * 2083 characters. xterm itself keeps ten million, each in an object of its own while they come.
 */
export const longestString = 8192;

/** Drops string sequences that are longer, however long they go on; they do nothing then, as if they had been cancelled. */
export function limitStrings(terminal: Terminal): void {
  const { _oscParser: osc, _dcsParser: dcs } = terminal._core._inputHandler._parser;
  const room = limitPut(osc);
  const start = osc.start.bind(osc);
  osc.start = () => {
    room.left = longestString;
    start();
  };
  const end = osc.end.bind(osc);
  osc.end = (success, ...rest) => end(success && room.left >= 0, ...rest);

  const dcsRoom = limitPut(dcs);
  const hook = dcs.hook.bind(dcs);
  dcs.hook = (...from) => {
    dcsRoom.left = longestString;
    hook(...from);
  };
  const unhook = dcs.unhook.bind(dcs);
  dcs.unhook = (success, ...rest) => unhook(success && dcsRoom.left >= 0, ...rest);
}

/** `left` is below zero once something was dropped. */
function limitPut(parser: { put(codePoints: Uint32Array, start: number, end: number): void }): { left: number } {
  const room = { left: longestString };
  const put = parser.put.bind(parser);
  parser.put = (codePoints, start, end) => {
    room.left -= end - start;
    if (room.left >= 0) put(codePoints, start, end);
  };
  return room;
}
