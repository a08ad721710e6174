import { proto, type types } from '../../../proto/gen/teleport.js';
import { AppError } from '../../../shared/errors/app-error.ts';
import { parseUserCertificate } from '../certs/certificates.ts';
import { cleanText } from '../connect/clean-text.ts';
import { isBefore, takesSingleKey } from '../connect/versions.ts';
import type { AuthChannel } from './auth-channel.ts';
import { methods } from './auth-methods.ts';
import { unwrapped } from './resources.ts';
import { timestampOf } from './wire-values.ts';

export interface DatabaseFacts {
  readonly name: string;
  readonly protocol: string;
  readonly uri: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Google Cloud project of a Cloud SQL database; empty elsewhere. */
  readonly gcpProject: string;
  /** Version of a MySQL server, with which the proxy greets; empty when it is unknown. */
  readonly mysqlVersion: string;
  /** Whether Teleport may make users in it. */
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

/** The allow or deny part of a role, as far as databases are concerned. Names may contain templates such as `{{internal.db_users}}`. */
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

/** The target of the question whether it wants a second factor: one of `Node`, `Database`, `KubernetesCluster`, `App`. */
export type MfaQuestion = proto.IIsMFARequiredRequest;

/** The use that a certificate is limited to (ssh-and-gateways §5.5). */
export interface CertificateUse {
  readonly usage: keyof typeof CertUsage;
  readonly requester: keyof typeof Requester;
  readonly route: Pick<proto.IUserCertsRequest, 'RouteToDatabase' | 'KubernetesCluster' | 'RouteToApp'>;
}

export interface AppSessionRequest {
  readonly user: string;
  /** Cluster that owns the app. */
  readonly cluster: string;
  readonly name: string;
  readonly publicAddress: string;
  readonly uri: string;
}

export interface TargetCertificateRequest {
  readonly use: CertificateUse;
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
/** A menu of more entries cannot be used; also bounds what a server may send. */
const maxPorts = 1000;
const awsAccountLabel = 'aws_account_id';
type TargetKind = 'db' | 'app' | 'kube_cluster' | typeof saml;

/** An auth server's facts about databases, apps and Kubernetes clusters, and the certificates for them. Failures are AppErrors. */
export class TargetApi {
  readonly #channel: AuthChannel;
  /** Version of the root's auth server; empty when it is not known yet. */
  readonly rootVersion: string;
  readonly #certificate: string;
  /** Version of the auth server that is asked. */
  readonly ownVersion: (signal?: AbortSignal) => Promise<string>;

  /** `root`: its version, and the person's certificate as PEM. `ownVersion` is that of the auth server behind `channel`, which may be a leaf's. */
  constructor(channel: AuthChannel, root: { version: string; cert: string }, ownVersion: (signal?: AbortSignal) => Promise<string>) {
    this.#channel = channel;
    this.rootVersion = root.version;
    this.#certificate = root.cert;
    this.ownVersion = ownVersion;
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

  /**
   * Servers before 17 do not list them; there, the roles of the certificate that fit the app's account are taken
   * (docs/protocol/versions.md §4).
   */
  async #awsRoles({ Logins }: proto.IPaginatedResource, { Metadata }: types.IAppV3, signal?: AbortSignal): Promise<readonly string[]> {
    if (Logins?.length || !isBefore(await this.ownVersion(signal), 17)) return Logins ?? [];
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
    const roles = await this.#channel.collect(methods.getCurrentUserRoles, {}, maxRoles, signal);
    return roles.map(({ Metadata, Spec }) => ({
      name: cleanText(Metadata?.Name),
      allow: rulesOf(Spec?.Allow),
      deny: rulesOf(Spec?.Deny),
      makesUsers: makesUsers(Spec?.Options),
    }));
  }

  /** Whether a session wants its own second factor. Ask the cluster that owns the target. */
  async isMfaRequired(question: MfaQuestion, signal?: AbortSignal): Promise<boolean> {
    const answer = await this.#channel.call(methods.isMfaRequired, question, signal);
    return answer.MFARequired === proto.MFARequired.MFA_REQUIRED_YES || answer.Required;
  }

  /** PEM of a certificate that is valid for this target only. Ask the root, also for targets of a leaf. */
  async certificate(request: TargetCertificateRequest, signal?: AbortSignal): Promise<string> {
    const { usage, requester, route } = request.use;
    const answer = await this.#channel.call(
      methods.generateUserCerts,
      {
        Username: request.user,
        Expires: timestampOf(request.expires),
        RouteToCluster: request.cluster,
        AccessRequests: [...request.requests],
        Usage: CertUsage[usage],
        RequesterName: Requester[requester],
        ...route,
        ...(takesSingleKey(this.rootVersion) ? { PublicKey: Buffer.from(request.publicKeyLine) } : { TLSPublicKey: Buffer.from(request.publicKey) }),
      },
      signal,
    );
    const pem = Buffer.from(answer.TLS).toString('utf8');
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new AppError('bad-response', 'The cluster sent no certificate for this connection.');
    return pem;
  }

  /** Id of a new session for an app, which certificates of older servers name. Ask the root. */
  async appSession({ user, cluster, name, publicAddress, uri }: AppSessionRequest, signal?: AbortSignal): Promise<string> {
    const request = { Username: user, PublicAddr: publicAddress, ClusterName: cluster, AppName: name, URI: uri };
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
    const { Resources } = await this.#channel.call(methods.listUnifiedResources, request, signal);
    const found = Resources.map(unwrapped).find((resource) => nameOf(resource, kind) === name && !resource.RequiresRequest);
    return found ?? null;
  }
}

/** The name of a resource of this kind; nothing for a resource of another kind, which may have the same name. */
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

/** Older servers have no mode; there, the plain switch counts. */
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
