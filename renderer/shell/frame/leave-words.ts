/** How much a person would lose sight of with the window. */
export interface WhatEnds {
  /** Terminals in which a program runs. */
  readonly sessions: number;
  /** Open local connections: databases, Kubernetes, apps, port forwards. */
  readonly connections: number;
  /** Edited files that are not saved on their servers. */
  readonly unsaved: number;
}

/** Anything of it keeps the window from closing at once. */
export const isHeld = ({ sessions, connections, unsaved }: WhatEnds): boolean => sessions + connections + unsaved > 0;

/** The most precious first: the rest is said in the text. */
export function leaveTitle({ sessions, connections, unsaved }: WhatEnds): string {
  if (unsaved > 0) return unsaved === 1 ? 'An edited file is not saved on its server' : `${unsaved} edited files are not saved on their servers`;
  if (sessions > 0) return sessions === 1 ? 'A session is still running' : `${sessions} sessions are still running`;
  return connections === 1 ? 'A local connection is open' : `${connections} local connections are open`;
}

export function leaveText({ sessions, connections, unsaved }: WhatEnds): string {
  const ending = [
    sessions > 0 && (sessions === 1 ? 'the program that runs in a session' : `the programs that run in ${sessions} sessions`),
    connections > 0 && (connections === 1 ? 'one local connection' : `${connections} local connections`),
  ].filter((part) => part !== false);
  const sentences = [
    unsaved > 0 && 'What you saved last is only in the local copy. Slipway shows it again at the next start.',
    ending.length > 0 && `Closing Slipway ends ${ending.join(' and ')}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
