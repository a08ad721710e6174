import { AppError } from '../../../shared/errors/app-error.ts';
import type { AppOptions, DatabaseOptions } from '../../../shared/model/gateway.ts';
import type { AppFacts } from '../../teleport/auth/target-api.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { isKnownDatabase } from '../tickets/gateway-route.ts';
import { gatewayProtocol } from '../tickets/gateway-tickets.ts';
import { databaseAccess } from './database-access.ts';

interface Named {
  cluster: string;
  leaf: string;
  name: string;
}

/** Protocols whose connections name a database. */
const named = new Set(['postgres', 'cockroachdb', 'mysql', 'mongodb', 'redis', 'sqlserver', 'snowflake', 'oracle']);

/** What a person can choose when connecting to a database or opening an app. */
export class TargetOptions {
  readonly #access: ClusterAccess;

  constructor(access: ClusterAccess) {
    this.#access = access;
  }

  async database({ cluster, leaf, name }: Named, signal: AbortSignal): Promise<DatabaseOptions> {
    const [database, roles, user] = await this.#access.ask(cluster, leaf, (client) =>
      Promise.all([client.targets.database(name, signal), client.targets.databaseRoles(signal), client.currentUser(signal)]),
    );
    if (!database) throw new AppError('not-found', `There is no database ${name} on this cluster, or you may not use it any more.`);
    const access = databaseAccess(database, roles, user.traits);
    const autoUser = database.hasAdmin && access.makesUsers;
    return {
      protocol: database.protocol,
      users: autoUser ? [user.name] : access.users,
      anyUser: !autoUser && access.anyUser,
      optionalUser: database.protocol === 'redis',
      autoUser,
      databases: named.has(database.protocol) ? access.databases : [],
      anyDatabase: named.has(database.protocol) && access.anyDatabase,
      problem: isKnownDatabase(database.protocol)
        ? null
        : `${name} speaks ${database.protocol}, which this Slipway does not know. Use “tsh db connect”.`,
    };
  }

  async app({ cluster, leaf, name }: Named, signal: AbortSignal): Promise<AppOptions> {
    const { address, cluster: root } = await this.#access.login(cluster);
    const owner = leaf || root;
    const { app, isSaml } = await this.#access.ask(cluster, leaf, async (client) => {
      const found = await client.targets.app(name, signal);
      return { app: found, isSaml: !found && (await client.targets.hasSamlApp(name, signal)) };
    });
    const web = `https://${address.replace(/:443$/, '')}`;
    const part = encodeURIComponent;
    const base: AppOptions = { kind: 'web', gateway: false, launchUrl: '', awsRoles: [], targetPorts: [], problem: null };
    if (isSaml) return { ...base, kind: 'saml', launchUrl: `${web}/enterprise/saml-idp/login/${part(name)}` };
    if (!app) throw new AppError('not-found', `There is no app ${name} on this cluster, or you may not use it any more.`);
    const fqdn = (owner === root && !app.usesProxyAddress && app.publicAddress) || `${app.name}.${address.replace(/:\d+$/, '')}`;
    const launchUrl = `${web}/web/launch/${[fqdn, owner, app.publicAddress || fqdn].map(part).join('/')}`;
    if (app.identityCenter) return { ...base, kind: 'aws-identity-center', awsRoles: permissionSets(app) };
    if (isAwsConsole(app)) return { ...base, kind: 'aws-console', awsRoles: consoleRoles(app, launchUrl) };
    try {
      const protocol = gatewayProtocol(app);
      if (protocol === 'http') return { ...base, gateway: true, launchUrl };
      return { ...base, kind: protocol, gateway: true, targetPorts: protocol === 'tcp' ? [...app.ports] : [] };
    } catch (caught) {
      return { ...base, kind: app.uri.startsWith('mcp+') ? 'mcp' : 'cloud', problem: AppError.from(caught).message };
    }
  }
}

function isAwsConsole({ uri, cloud }: AppFacts): boolean {
  return uri.startsWith('https://console.aws.amazon.com') || (cloud === 'AWS' && !uri.startsWith('cloud://'));
}

function consoleRoles({ awsRoles }: AppFacts, launchUrl: string): AppOptions['awsRoles'] {
  return awsRoles
    .flatMap((arn) => {
      const [, account = '', name = ''] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
      return name ? [{ name: name.slice(name.lastIndexOf('/') + 1), arn, account, launchUrl: `${launchUrl}/${encodeURIComponent(arn)}` }] : [];
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
