import { AppError } from '../../../shared/errors/app-error.ts';
import type { AppOptions, AppTarget } from '../../../shared/model/gateway.ts';
import { appClass, launchUrl, samlLaunchUrl } from '../../teleport/auth/apps.ts';
import type { AppFacts } from '../../teleport/auth/target-api.ts';
import { wantsAppSession } from '../../teleport/connect/versions.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { type LoginRoute, protocolAlpn, type TargetRoute, webRoute } from './route.ts';
import { type GatewayKind, missing, type Named } from './target.ts';

export const appKind: GatewayKind<AppTarget> = {
  async find(wanted, route, client, signal) {
    const app = await client.targets.app(wanted.name, signal);
    if (!app) throw missing('app', wanted.name);
    const problem = localProblem(app);
    if (problem !== null) throw new AppError('unsupported', problem);
    const protocol = classOf(app);
    const address = { Name: app.name, PublicAddr: app.publicAddress, ClusterName: route.owner };
    const port = targetPort(wanted, app);
    return {
      mfaQuestion: wantsAppSession(await client.targets.ownVersion(signal)) ? null : { App: address },
      async certificateUse({ targets }, until) {
        const { name, publicAddress, uri } = app;
        const session = wantsAppSession(targets.rootVersion)
          ? { SessionID: await targets.appSession({ user: route.login.user, cluster: route.owner, name, publicAddress, uri }, until) }
          : {};
        const RouteToApp = { ...address, ...session, URI: uri, ...(port === null ? {} : { TargetPort: port }) };
        return { usage: 'App', requester: 'TSH_APP_LOCAL_PROXY', route: { RouteToApp } };
      },
      route: appRoute(route, protocol),
      protocol,
      targetPorts: protocol === 'tcp' ? [...app.ports] : [],
    };
  },
};

/** TCP apps have a protocol name of their own; HTTP and MCP apps are web requests. */
export function appRoute(route: LoginRoute, protocol: string): TargetRoute {
  return webRoute(route, protocol === 'tcp' ? protocolAlpn('tcp') : ['http/1.1']);
}

/** What a person can choose when opening an app. */
export async function appOptions(access: ClusterAccess, { cluster, leaf, name }: Named, signal: AbortSignal): Promise<AppOptions> {
  const { address, cluster: rootCluster } = await access.login(cluster);
  const { app, isSaml } = await access.ask(cluster, leaf, async (client) => {
    const found = await client.targets.app(name, signal);
    return { app: found, isSaml: !found && (await client.targets.hasSamlApp(name, signal)) };
  });
  const place = { cluster: leaf || rootCluster, rootCluster, proxyAddress: address };
  const base: AppOptions = { kind: 'saml', gateway: false, launchUrl: '', awsRoles: [], targetPorts: [], problem: null };
  if (isSaml) return { ...base, launchUrl: samlLaunchUrl(name, place) };
  if (!app) throw missing('app', name);
  const kind = classOf(app);
  const url = launchUrl(app, place);
  if (kind === 'aws') return { ...base, kind, awsRoles: app.identityCenter ? permissionSets(app) : consoleRoles(app, url) };
  const problem = localProblem(app);
  if (problem !== null) return { ...base, kind, problem };
  return { ...base, kind, gateway: true, launchUrl: kind === 'http' ? url : '', targetPorts: kind === 'tcp' ? [...app.ports] : [] };
}

const classOf = (app: AppFacts) => appClass({ ...app, isIdentityCenter: app.identityCenter !== null });

/** A sentence when no local address can lead to the app. */
function localProblem(app: AppFacts): string | null {
  switch (classOf(app)) {
    case 'mcp':
      return /^mcp\+https?:\/\//.test(app.uri) ? null : 'This MCP server speaks over a program’s input and output. Use “tsh mcp connect” for it.';
    case 'cloud':
      return 'This is a cloud provider’s API. Use “tsh apps login” and the provider’s own command line for it.';
    case 'aws':
      return 'The AWS console opens in the browser, as one of your roles.';
    case 'http':
    case 'tcp':
      return null;
  }
}

function targetPort({ targetPort: wanted }: AppTarget, { ports }: AppFacts): number | null {
  const [first] = ports;
  if (!first) return null;
  if (wanted === null) return first.port;
  if (ports.some(({ port, endPort }) => wanted >= port && wanted <= endPort)) return wanted;
  const list = ports.map(({ port, endPort }) => (port === endPort ? `${port}` : `${port} to ${endPort}`)).join(', ');
  throw new AppError('invalid-argument', `The app has no port ${wanted}. Its ports are: ${list}.`);
}

function consoleRoles({ awsRoles }: AppFacts, launch: string): AppOptions['awsRoles'] {
  return awsRoles
    .flatMap((arn) => {
      const [, account = '', name = ''] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
      return name ? [{ name: name.slice(name.lastIndexOf('/') + 1), arn, account, launchUrl: `${launch}/${encodeURIComponent(arn)}` }] : [];
    })
    .sort((left, right) => left.account.localeCompare(right.account) || left.name.localeCompare(right.name));
}

/** Identity Center has an address of its own, which takes the permission set's name. */
function permissionSets({ identityCenter, publicAddress, uri }: AppFacts): AppOptions['awsRoles'] {
  const start = /^https:\/\//.test(uri) ? uri : `https://${publicAddress}`;
  return (identityCenter?.permissionSets ?? []).map(({ name, arn }) => ({
    name,
    arn,
    account: identityCenter?.account ?? '',
    launchUrl: `${start}&role_name=${encodeURIComponent(name)}`,
  }));
}
