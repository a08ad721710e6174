import type { ConnectionRow, Forward } from '../../../../shared/model/gateway.ts';
import { parsePort } from './ports.ts';

/** What stands in the dialog's fields. */
export interface ForwardForm {
  type: Forward['type'];
  localPort: string;
  listenHost: string;
  listenPort: string;
  host: string;
  port: string;
  withTerminal: boolean;
}

const blank: ForwardForm = { type: 'local', localPort: '', listenHost: '', listenPort: '', host: '', port: '', withTerminal: false };

/** The fields for a saved forward, or empty ones. */
export function formOf(row: ConnectionRow | undefined): ForwardForm {
  if (row?.target.kind !== 'forward') return blank;
  const { forward, withTerminal } = row.target;
  return {
    ...blank,
    type: forward.type,
    withTerminal,
    ...(forward.type === 'dynamic' ? {} : { host: forward.to.host, port: String(forward.to.port) }),
    ...(forward.type === 'remote'
      ? { listenHost: forward.listen.host, listenPort: forward.listen.port === 0 ? '' : String(forward.listen.port) }
      : {}),
  };
}

type Parsed = { ok: true; forward: Forward; port: number | null } | { ok: false; problems: Partial<Record<keyof ForwardForm, string>> };

const portProblem = 'A number from 1 to 65535';
const isHost = (host: string) => host.length <= 255 && !/[\s\u0000-\u001f/]/.test(host);

/** The forward that the fields ask for, or what is wrong with them. Empty hosts are localhost, empty local ports any. */
export function parseForward(form: ForwardForm): Parsed {
  const problems: Partial<Record<keyof ForwardForm, string>> = {};
  const optionalPort = (name: 'localPort' | 'listenPort') => {
    if (form[name].trim() === '') return null;
    const port = parsePort(form[name]);
    if (port === null) problems[name] = portProblem;
    return port;
  };
  const host = (name: 'host' | 'listenHost') => {
    const typed = form[name].trim();
    if (!isHost(typed)) problems[name] = 'A host name or an address';
    return typed || 'localhost';
  };
  const to = () => {
    const port = parsePort(form.port);
    if (port === null) problems.port = portProblem;
    return { host: host('host'), port: port ?? 1 };
  };
  let forward: Forward;
  let port: number | null = null;
  if (form.type === 'remote') forward = { type: 'remote', listen: { host: host('listenHost'), port: optionalPort('listenPort') ?? 0 }, to: to() };
  else {
    port = optionalPort('localPort');
    forward = form.type === 'local' ? { type: 'local', to: to() } : { type: 'dynamic' };
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, forward, port };
}
