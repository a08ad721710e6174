import type { AppOptions, DatabaseOptions } from '../../../shared/model/gateway.ts';

/** One way to connect to a resource. Titles may hold names from the cluster. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly act:
    | { readonly do: 'database'; readonly user: string; readonly database: string }
    | { readonly do: 'app'; readonly targetPort: number | null }
    | { readonly do: 'link'; readonly url: string }
    | { readonly do: 'kube-terminal' }
    | { readonly do: 'kube-page' };
}

const fits = (text: string, filter: string) => text.toLowerCase().includes(filter.trim().toLowerCase());

/** The users that fit what is typed; where any user may be, what is typed itself comes first. */
export function databaseChoices({ users, databases, anyUser, optionalUser, problem }: DatabaseOptions, filter: string): Choice[] {
  if (problem !== null && users.length === 0 && !anyUser) return [];
  const typed = filter.trim();
  const as = (user: string, title = user, detail = ''): Choice => ({
    id: `user ${user}`,
    title,
    detail,
    act: { do: 'database', user, database: databases[0] ?? '' },
  });
  const shown = users.filter((user) => fits(user, filter)).map((user) => as(user));
  const own = anyUser && typed !== '' && !users.includes(typed) ? [as(typed, typed, 'as typed')] : [];
  const none = optionalUser && typed === '' && !users.includes('') ? [as('', 'Default user')] : [];
  return [...own, ...shown, ...none];
}

const link = (id: string, title: string, detail: string, url: string): Choice => ({ id, title, detail, act: { do: 'link', url } });

/** Roles of AWS apps, ports of TCP apps, the browser and a local address. */
export function appChoices({ kind, gateway, launchUrl, awsRoles, targetPorts }: AppOptions, filter: string): Choice[] {
  const choices: Choice[] = [];
  if (launchUrl !== '')
    choices.push(kind === 'saml' ? link('launch', 'Log in', 'In the browser', launchUrl) : link('launch', 'Open in browser', '', launchUrl));
  for (const role of awsRoles) {
    const detail = [role.account, role.arn].filter(Boolean).join(' · ');
    choices.push(link(`role ${role.arn || role.name} ${role.account}`, role.name, detail, role.launchUrl));
  }
  if (gateway && targetPorts.length > 1) {
    for (const { port, endPort } of targetPorts) {
      const detail = endPort > port ? `Ports ${port} to ${endPort}; changed on its page` : '';
      choices.push({ id: `port ${port}`, title: `Connect to port ${port}`, detail, act: { do: 'app', targetPort: port } });
    }
  } else if (gateway) {
    const detail = kind === 'mcp' ? 'An endpoint for MCP clients' : 'For other programs on this computer';
    choices.push({ id: 'local', title: 'Open a local address', detail, act: { do: 'app', targetPort: null } });
  }
  return choices.filter(({ title, detail }) => fits(`${title} ${detail}`, filter));
}

export const kubeChoices: Choice[] = [
  { id: 'terminal', title: 'Open a terminal', detail: 'With KUBECONFIG set', act: { do: 'kube-terminal' } },
  { id: 'page', title: 'Set up for other tools', detail: 'Kubeconfig, context, address', act: { do: 'kube-page' } },
];
