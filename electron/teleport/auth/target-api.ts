import { proto, type types } from '../../../proto/gen/teleport.js';
import { AppError } from '../../../shared/errors/app-error.ts';
import { parseUserCertificate } from '../certs/certificates.ts';
import { cleanText } from '../connect/clean-text.ts';
import { isBefore, takesSingleKey, wantsAppSession } from '../connect/versions.ts';
import type { AuthChannel } from './auth-channel.ts';
import { unwrapped } from './resources.ts';
import { targetMethods as methods } from './target-methods.ts';
import { timestampOf } from './wire-values.ts';

export interface DatabaseFacts {
  readonly name: string;
  readonly protocol: string;
  readonly uri: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Google Cloud project of a Cloud SQL database; empty elsewhere. */
  readonly gcpProject: string;
  /** Version of a MySQL server, which the proxy greets with; empty when nobody knows it. */
  readonly mysqlVersion: string;
  /** Teleport may make users in it. */
  readonly hasAdmin: boolean;
}

export interface AppFacts {
  readonly name: string;
  readonly uri: string;
  readonly publicAddress: string;
  readonly cloud: string;
  /** Teleport serves it below the proxy's name, whatever its public address is. */
  readonly usesProxyAddress: boolean;
  readonly ports: readonly { port: number; endPort: number }[];
  /** AWS roles that this person may take there. */
  readonly awsRoles: readonly string[];
  readonly identityCenter: { account: string; permissionSets: readonly { name: string; arn: string }[] } | null;
}

/** One side of a role, as far as databases go. Names may hold templates such as `{{internal.db_users}}`. */
export interface DatabaseRules {
  readonly users: readonly string[];
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

export interface DatabaseRole {
  readonly name: string;
  readonly allow: DatabaseRules;
  readonly deny: DatabaseRules;
  /** Teleport makes the user in databases that it administers. */
  readonly makesUsers: boolean;
}

/** What a certificate or a question about the second factor is for (ssh-and-gateways §5.5). */
export type CertificateTarget =
  | { readonly kind: 'database'; readonly name: string; readonly protocol: string; readonly user: string }
  | { readonly kind: 'kube'; readonly name: string }
  | { readonly kind: 'app'; readonly name: string; readonly publicAddress: string; readonly uri: string; readonly targetPort: number | null };

export interface TargetCertificateRequest {
  readonly target: CertificateTarget;
  /** Cluster that owns the target: the root or a leaf. */
  readonly cluster: string;
  readonly user: string;
  /** End of the login's own certificate, milliseconds since the epoch. */
  readonly expires: number;
  /** PEM, and the same key as authorized_keys line for servers up to 16. */
  readonly publicKey: string;
  readonly publicKeyLine: string;
  /** Ids of the requests in force. */
  readonly requests: readonly string[];
}

const { CertUsage, Requester } = proto.UserCertsRequest;
const maxRoles = 5000;
const saml = 'saml_idp_service_provider';
const maxPorts = 1000;
const awsAccountLabel = 'aws_account_id';
type TargetKind = 'db' | 'app' | 'kube_cluster' | typeof saml;

/** What an auth server says about databases, apps and Kubernetes clusters, and the certificates for them. Failures are AppErrors. */
export class TargetApi {
  readonly #channel: AuthChannel;
  readonly #rootVersion: string;
  readonly #certificate: string;
  readonly #ownVersion: (signal?: AbortSignal) => Promise<string>;

  /** `root`: its version, and the person's certificate as PEM. `ownVersion` is that of the auth server behind `channel`, which may be a leaf's. */
  constructor(channel: AuthChannel, root: { version: string; cert: string }, ownVersion: (signal?: AbortSignal) => Promise<string>) {
    this.#channel = channel;
    this.#rootVersion = root.version;
    this.#certificate = root.cert;
    this.#ownVersion = ownVersion;
  }

  async database(name: string, signal?: AbortSignal): Promise<DatabaseFacts | null> {
    const database = (await this.#find('db', name, signal))?.DatabaseServer?.Spec?.Database;
    if (!database) return null;
    const { Spec, Status } = database;
    return {
      name: database.Metadata?.Name ?? '',
      protocol: cleanText(Spec?.Protocol, 100),
      uri: cleanText(Spec?.URI, 1000),
      labels: labelsOf(database.Metadata?.Labels, Spec?.DynamicLabels),
      gcpProject: cleanText(Spec?.GCP?.ProjectID, 200),
      mysqlVersion: cleanText(Status?.MySQL?.ServerVersion || Spec?.MySQL?.ServerVersion, 100),
      hasAdmin: (Spec?.AdminUser?.Name ?? '') !== '',
    };
  }

  async app(name: string, signal?: AbortSignal): Promise<AppFacts | null> {
    const found = await this.#find('app', name, signal);
    const app = found?.AppServer?.Spec?.App;
    if (!found || !app) return null;
    const center = app.Spec?.IdentityCenter;
    return {
      name: app.Metadata?.Name ?? '',
      uri: cleanText(app.Spec?.URI, 4000),
      publicAddress: app.Spec?.PublicAddr ?? '',
      cloud: cleanText(app.Spec?.Cloud, 100),
      usesProxyAddress: app.Spec?.UseAnyProxyPublicAddr ?? false,
      ports: (app.Spec?.TCPPorts ?? []).slice(0, maxPorts).flatMap(({ Port, EndPort }) => portRange(Port ?? 0, EndPort ?? 0)),
      awsRoles: (await this.#awsRoles(found, app, signal)).slice(0, maxPorts).map((role) => cleanText(role, 2048)),
      identityCenter:
        center && (center.PermissionSets ?? []).length > 0
          ? {
              account: cleanText(center.AccountID, 100),
              permissionSets: (center.PermissionSets ?? [])
                .slice(0, maxPorts)
                .map(({ Name, ARN }) => ({ name: cleanText(Name, 500), arn: cleanText(ARN, 2048) })),
            }
          : null,
    };
  }

  /** Servers before 17 do not list them: there they are those of the certificate that fit the app's account (versions §4). */
  async #awsRoles({ Logins }: proto.IPaginatedResource, { Metadata }: types.IAppV3, signal?: AbortSignal): Promise<readonly string[]> {
    if (Logins?.length || !isBefore(await this.#ownVersion(signal), 17)) return Logins ?? [];
    const account = Metadata?.Labels?.[awsAccountLabel];
    return parseUserCertificate(this.#certificate).awsRoles.filter((arn) => !account || arn.split(':')[4] === account);
  }

  async hasKubeCluster(name: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#find('kube_cluster', name, signal)) !== null;
  }

  async hasSamlApp(name: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#find(saml, name, signal)) !== null;
  }

  async databaseRoles(signal?: AbortSignal): Promise<DatabaseRole[]> {
    const roles = await this.#channel.collect(methods.roles, {}, maxRoles, signal);
    return roles.map(({ Metadata, Spec }) => ({
      name: cleanText(Metadata?.Name),
      allow: rulesOf(Spec?.Allow),
      deny: rulesOf(Spec?.Deny),
      makesUsers: makesUsers(Spec?.Options),
    }));
  }

  /** Whether a session on this target wants a proof of the second factor of its own. Ask the cluster that owns it. */
  async isMfaRequired(target: CertificateTarget, cluster: string, signal?: AbortSignal): Promise<boolean> {
    if (target.kind === 'app' && wantsAppSession(await this.#ownVersion(signal))) return false;
    const answer = await this.#channel.call(methods.isMfaRequired, mfaTarget(target, cluster), signal);
    return answer.MFARequired === proto.MFARequired.MFA_REQUIRED_YES || answer.Required;
  }

  /** PEM of a certificate that is good for this target only. Ask the root, also for what a leaf owns. */
  async certificate(request: TargetCertificateRequest, signal?: AbortSignal): Promise<string> {
    const session = wantsAppSession(this.#rootVersion) ? await this.#appSession(request, signal) : '';
    const answer = await this.#channel.call(
      methods.certificates,
      {
        Username: request.user,
        Expires: timestampOf(request.expires),
        RouteToCluster: request.cluster,
        AccessRequests: [...request.requests],
        ...routeOf(request.target, request.cluster, session),
        ...(takesSingleKey(this.#rootVersion) ? { PublicKey: Buffer.from(request.publicKeyLine) } : { TLSPublicKey: Buffer.from(request.publicKey) }),
      },
      signal,
    );
    const pem = Buffer.from(answer.TLS).toString('utf8');
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new AppError('bad-response', 'The cluster sent no certificate for this connection.');
    return pem;
  }

  /** Id of a session for the app; empty where none is wanted. */
  async #appSession({ target, cluster, user }: TargetCertificateRequest, signal?: AbortSignal): Promise<string> {
    if (target.kind !== 'app') return '';
    const request = { Username: user, PublicAddr: target.publicAddress, ClusterName: cluster, AppName: target.name, URI: target.uri };
    const { Session } = await this.#channel.call(methods.createAppSession, request, signal);
    const id = Session?.Metadata?.Name;
    if (!id) throw new AppError('bad-response', 'The cluster opened no session for this app.');
    return id;
  }

  async #find(kind: TargetKind, name: string, signal?: AbortSignal): Promise<proto.IPaginatedResource | null> {
    const request = {
      // Servers up to 17 find SAML apps by the kind of other apps only.
      Kinds: kind === saml ? [saml, 'app'] : [kind],
      Limit: 100,
      PredicateExpression: `name == ${JSON.stringify(name)}`,
      SortBy: { Field: 'name' },
      IncludeLogins: true,
    };
    const { Resources } = await this.#channel.call(methods.list, request, signal);
    const found = Resources.map(unwrapped).find((resource) => nameOf(resource, kind) === name && !resource.RequiresRequest);
    return found ?? null;
  }
}

/** The name of a resource of this kind; nothing for one of another kind, which may have the same name. */
function nameOf(resource: proto.IPaginatedResource, kind: TargetKind): string | null | undefined {
  const { DatabaseServer, AppServer, KubernetesServer, KubeCluster, SAMLIdPServiceProvider } = resource;
  switch (kind) {
    case 'db':
      return DatabaseServer?.Spec?.Database?.Metadata?.Name;
    case 'app':
      return AppServer?.Spec?.App?.Metadata?.Name;
    case 'kube_cluster':
      return (KubernetesServer?.Spec?.Cluster ?? KubeCluster)?.Metadata?.Name;
    case saml:
      return SAMLIdPServiceProvider?.Header?.Metadata?.Name;
  }
}

function mfaTarget(target: CertificateTarget, cluster: string): proto.IIsMFARequiredRequest {
  switch (target.kind) {
    case 'database':
      return { Database: { ServiceName: target.name, Protocol: target.protocol, Username: target.user } };
    case 'kube':
      return { KubernetesCluster: target.name };
    case 'app':
      return { App: { Name: target.name, PublicAddr: target.publicAddress, ClusterName: cluster } };
  }
}

function routeOf(target: CertificateTarget, cluster: string, session: string): proto.IUserCertsRequest {
  switch (target.kind) {
    case 'database':
      return {
        Usage: CertUsage.Database,
        RequesterName: Requester.TSH_DB_LOCAL_PROXY_TUNNEL,
        RouteToDatabase: { ServiceName: target.name, Protocol: target.protocol, Username: target.user },
      };
    case 'kube':
      return { Usage: CertUsage.Kubernetes, RequesterName: Requester.TSH_KUBE_LOCAL_PROXY, KubernetesCluster: target.name };
    case 'app':
      return {
        Usage: CertUsage.App,
        RequesterName: Requester.TSH_APP_LOCAL_PROXY,
        RouteToApp: {
          Name: target.name,
          ...(session ? { SessionID: session } : {}),
          PublicAddr: target.publicAddress,
          ClusterName: cluster,
          URI: target.uri,
          ...(target.targetPort === null ? {} : { TargetPort: target.targetPort }),
        },
      };
  }
}

/** Where the mode is not said, as on older servers, the plain switch counts. */
function makesUsers(options: types.IRoleOptions | null | undefined): boolean {
  return options?.CreateDatabaseUserMode ? options.CreateDatabaseUserMode > 1 : (options?.CreateDatabaseUser?.Value ?? false);
}

function rulesOf(conditions: types.IRoleConditions | null | undefined): DatabaseRules {
  const labels = Object.entries(conditions?.DatabaseLabels?.Values ?? {}).map(([key, { Values }]) => [key, Values ?? []] as const);
  return { users: conditions?.DatabaseUsers ?? [], names: conditions?.DatabaseNames ?? [], labels: Object.fromEntries(labels) };
}

function labelsOf(fixed: Record<string, string> | null | undefined, dynamic: Record<string, types.ICommandLabelV2> | null | undefined) {
  return { ...fixed, ...Object.fromEntries(Object.entries(dynamic ?? {}).map(([name, label]) => [name, label.Result ?? ''])) };
}

function portRange(port: number, endPort: number): { port: number; endPort: number }[] {
  const isPort = (value: number) => value >= 1 && value <= 65_535;
  return isPort(port) ? [{ port, endPort: isPort(endPort) && endPort > port ? endPort : port }] : [];
}
