import { writeFileSync } from 'node:fs';

export const megabyte = 1_000_000;

/** What `ls -lR` in colour prints, the same at each call: about `size` bytes, whole lines. */
export function sampleOutput(size: number): string {
  const colours = ['\x1b[01;34m', '\x1b[01;32m', '\x1b[01;36m', '\x1b[01;31m', ''];
  const lines: string[] = [];
  let length = 0;
  let seed = 42;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  while (length < size) {
    const colour = colours[next(colours.length)]!;
    const name = Array.from({ length: 1 + next(3) }, () => next(1e9).toString(36)).join('-');
    const shown = colour ? `${colour}${name}\x1b[0m` : name;
    const size = String(next(1e8)).padStart(9);
    const line = `${colour ? 'drwxr-xr-x' : '-rw-r--r--'} ${1 + next(40)} root root ${size} Mar ${String(1 + next(28)).padStart(2)} ${10 + next(14)}:${10 + next(50)} ${shown}`;
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** A shell command that prints `megabytes` MB of it, out of a file of five. */
export function writeSample(path: string, megabytes: number): string {
  writeFileSync(path, sampleOutput(5 * megabyte));
  return `for i in $(seq ${megabytes / 5}); do cat ${path}; done`;
}
