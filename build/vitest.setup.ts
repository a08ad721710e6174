import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { generateProto } from './proto.mjs';

export default function setup(): void {
  generateProto();
  if (!process.env.TMPDIR && isRoomInMemory()) process.env.TMPDIR = inMemory;
}

const inMemory = '/dev/shm';
/** Far more than all tests hold at one time. */
const enoughBytes = 4 * 1024 ** 3;

/** Tests of state files flush them thousands of times, which takes minutes on a busy disk. Containers often have no room in memory, or forbid programs there. */
function isRoomInMemory(): boolean {
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === inMemory);
    return bavail * bsize > enoughBytes && mount !== undefined && !mount.includes('noexec');
  } catch {
    return false;
  }
}
