import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import type { AppInfo } from '../../state/connection.ts';
import { failureText } from './background-list.tsx';
import { type StepResult, stepNames } from './connection-steps.ts';

export interface DiagnosticStep {
  name: string;
  ok: boolean;
  detail: string;
}

/** The results of the connection tests, and the failures of background work. */
export interface Findings {
  tests: readonly { name: string; steps: readonly StepResult[] }[];
  failures: readonly BackgroundFailure[];
}

const hosts = { electron: 'Electron', browser: 'browser' } as const;

/** What is known about this installation, as name and value. */
export function facts(info: AppInfo): [string, string][] {
  return [
    ['Slipway', info.version],
    ['Runs in', hosts[info.host]],
    ['Platform', info.platform],
    ['Electron', info.electron || '–'],
    ['Node', info.node],
    ['Screen reader', info.screenReader ? 'running' : 'not running'],
    ['Logs', info.logsFolder],
  ];
}

/** The whole page as plain text, for a bug report. The home folder, which often holds a person's name, is written as ~. */
export function report(info: AppInfo, steps: readonly DiagnosticStep[], { tests, failures }: Findings): string {
  const lines = [
    ...facts(info).map(([name, value]) => `${name}: ${value}`),
    '',
    ...steps.map(({ name, ok, detail }) => `[${ok ? 'ok' : 'FAILED'}] ${name}${detail ? `: ${detail}` : ''}`),
    ...tests.flatMap(({ name, steps: tried }) => [
      '',
      `Connection to ${name}`,
      ...tried.map(({ step, state, detail }) => `[${state === 'failed' ? 'FAILED' : state}] ${stepNames[step]}${detail ? `: ${detail}` : ''}`),
    ]),
    ...(failures.length > 0 ? ['', 'Failed in the background'] : []),
    ...failures.map((failure) => `${failureText(failure)} ${failure.words}`),
  ];
  const text = lines.join('\n');
  return info.homeFolder.length > 1 ? text.replaceAll(info.homeFolder, '~') : text;
}
