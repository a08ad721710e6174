import type { ConnectionRow } from '../../../../shared/model/gateway.ts';

const mostChoices = 200;

/** The ports of an app one by one, as many as a list can hold, and the ranges in words; empty words when there are only single ports. */
export function targetPortChoices(ports: ConnectionRow['targetPorts'], current: number | null): { choices: number[]; ranges: string } {
  const choices = new Set<number>(current === null ? [] : [current]);
  for (const { port, endPort } of ports) {
    for (let each = port; each <= Math.max(port, endPort) && choices.size < mostChoices; each++) choices.add(each);
  }
  const hasRange = ports.some(({ port, endPort }) => endPort > port);
  const ranges = hasRange ? ports.map(({ port, endPort }) => (endPort > port ? `${port}–${endPort}` : `${port}`)).join(', ') : '';
  return { choices: [...choices].toSorted((a, b) => a - b), ranges };
}
