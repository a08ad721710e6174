/** The work that would end with the window. */
export interface RunningWork {
  /** Terminals in which a program runs. */
  readonly terminals: number;
  /** Open local connections: databases, Kubernetes, apps, port forwards. */
  readonly connections: number;
  /** Edited files that are not saved on their servers. */
  readonly unsaved: number;
}

/** Whether there is anything that keeps the window from closing without a question. */
export const isHeld = ({ terminals, connections, unsaved }: RunningWork): boolean => terminals + connections + unsaved > 0;

/** The title names the most important part; the text has the rest. */
export function leaveTitle({ terminals, connections, unsaved }: RunningWork): string {
  if (unsaved > 0) return unsaved === 1 ? 'An edited file is not saved on its server' : `${unsaved} edited files are not saved on their servers`;
  if (terminals > 0) return terminals === 1 ? 'A session is still running' : `${terminals} sessions are still running`;
  return connections === 1 ? 'A local connection is open' : `${connections} local connections are open`;
}

export function leaveText({ terminals, connections, unsaved }: RunningWork): string {
  const ending = [
    terminals > 0 && (terminals === 1 ? 'the program that runs in a session' : `the programs that run in ${terminals} sessions`),
    connections > 0 && (connections === 1 ? 'one local connection' : `${connections} local connections`),
  ].filter((part) => part !== false);
  const sentences = [
    unsaved > 0 && 'What you saved last is only in the local copy. Slipway shows it again at the next start.',
    ending.length > 0 && `Closing Slipway ends ${ending.join(' and ')}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
