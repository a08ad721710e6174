/** The code of a failed system call or of another failure of Node's, such as `ENOENT`; undefined when what was caught has none. */
export function systemCode(caught: unknown): string | undefined {
  const code = typeof caught === 'object' && caught !== null && 'code' in caught ? caught.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Whether a process of this computer has that id; another user's counts too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (caught) {
    return systemCode(caught) === 'EPERM';
  }
}
