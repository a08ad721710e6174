import '@xterm/xterm/css/xterm.css';
import { type ITerminalOptions, Terminal } from '@xterm/xterm';

/** xterm on an otherwise empty page: nothing between the bytes and the terminal but the callback that says they are parsed. */
declare global {
  var rawXterm: {
    open(options: ITerminalOptions): void;
    /** Shows `times` times what is at `url`, eight pieces of 64 KB under way; resolves to the milliseconds until the last of it is drawn. */
    show(url: string, times: number): Promise<number>;
    /** Shows what comes through a WebSocket, and answers with the number of bytes parsed; sends `typed` first. Resolves when `marker` is drawn. */
    follow(url: string, typed: string, marker: string): Promise<number>;
  };
}

const pieceSize = 64 * 1024;
const underWay = 8;
let terminal: Terminal;
let runs = 0;

globalThis.rawXterm = {
  open(options) {
    terminal = new Terminal({ ...options, logLevel: 'off', cursorBlink: false });
    terminal.open(document.body);
  },
  async show(url, times) {
    const block = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const started = performance.now();
    await writeAll(block, times);
    const marker = `done-${++runs}-end`;
    terminal.write(`\r\n${marker}\r\n`);
    return (await shown(marker)) - started;
  },
  async follow(url, typed, marker) {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.addEventListener('message', ({ data }) => {
      const bytes = new Uint8Array(data as ArrayBuffer);
      terminal.write(bytes, () => socket.send(String(bytes.length)));
    });
    const started = performance.now();
    socket.send(typed);
    const ended = await shown(marker);
    socket.close();
    return ended - started;
  },
};

async function writeAll(block: Uint8Array, times: number): Promise<void> {
  let pending = 0;
  let freed = () => {};
  for (let round = 0; round < times; round++)
    for (let at = 0; at < block.length; at += pieceSize) {
      pending++;
      terminal.write(block.subarray(at, at + pieceSize), () => {
        pending--;
        freed();
      });
      if (pending >= underWay) await new Promise<void>((resolve) => (freed = resolve));
    }
}

function shown(marker: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('.xterm-rows')?.textContent?.includes(marker)) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  });
}
