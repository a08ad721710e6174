import type { SshTarget } from '../../../shared/model/document.ts';
import type { Resource } from '../../../shared/model/resource.ts';
import { isComplete, type TypedTarget } from './typed-target.ts';

export interface Completion {
  readonly id: string;
  readonly login: string;
  /** UUID of a listed server, or the host as typed. */
  readonly node: string;
  readonly hostname: string;
  /** Address of a listed server; null for the host as typed. */
  readonly address: string | null;
}

/** A server with many logins must not push the other servers out of the list; typing a login finds the rest. */
const loginsPerServer = 4;
const most = 12;

/**
 * The connections that fit the typed text: every listed server with the logins that fit and, since a server need not be listed, the
 * typed host itself. A listed server of exactly the typed name goes before it.
 */
export function completionsFor(typed: TypedTarget, servers: readonly Resource[]): Completion[] {
  const listed = servers
    .filter(({ requiresRequest }) => !requiresRequest)
    .flatMap((server) =>
      loginsFor(server, typed.login).map((login) => ({
        id: `${server.id}\n${login}`,
        login,
        node: server.id,
        hostname: server.name,
        address: server.address,
      })),
    );
  const exact = listed.filter(({ hostname, login }) => hostname === typed.host && login === typed.login);
  const asTyped: Completion[] =
    isComplete(typed) && exact.length === 0 ? [{ id: 'typed', login: typed.login, node: typed.host, hostname: typed.host, address: null }] : [];
  return [...exact, ...asTyped, ...listed.filter((completion) => !exact.includes(completion))].slice(0, most);
}

/** A completely typed login is offered even if the server does not list it, because the server decides in the end. */
function loginsFor({ logins }: Resource, typed: string): readonly string[] {
  if (typed === '') return logins.slice(0, loginsPerServer);
  const fitting = logins.filter((login) => login.startsWith(typed));
  return fitting.length > 0 ? fitting.slice(0, loginsPerServer) : [typed];
}

export const targetOf = ({ node, hostname, login }: Completion, cluster: string): SshTarget => ({ cluster, leaf: '', node, hostname, login });
