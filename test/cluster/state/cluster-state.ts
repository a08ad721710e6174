import { randomUUID } from 'node:crypto';
import type { teleport } from '../../../proto/gen/teleport.js';
import { type Authorities, createAuthorities } from '../pki/authorities.ts';
import { emptyIdentity, type Identity } from '../pki/identity.ts';
import { issueUserSshCertificate } from '../pki/openssh.ts';
import { issueUserCertificate } from '../pki/x509.ts';
import { type AccessListSpec, AccessRequestBook } from './access-requests.ts';
import type { Inventory } from './inventory.ts';
import { AccessSet, type RoleSpec } from './roles.ts';
import type { UserAccount } from './users.ts';

/** What access requests add to a certificate. */
export interface Assumed {
  readonly ids: readonly string[];
  readonly roles: readonly string[];
  /** `/cluster/kind/name` of the resources that it is limited to. */
  readonly resources: readonly string[];
}

export const nothingAssumed: Assumed = { ids: [], roles: [], resources: [] };
export const joinPrincipal = '-teleport-internal-join';
const traitNames = [
  'aws_role_arns',
  'azure_identities',
  'db_names',
  'db_roles',
  'db_users',
  'gcp_service_accounts',
  'host_user_gid',
  'host_user_uid',
  'kubernetes_groups',
  'kubernetes_users',
  'logins',
  'mcp_tools',
  'windows_logins',
];

export interface IssueRequest {
  readonly identity: Identity;
  readonly sshPublicKey?: string;
  readonly tlsPublicKey?: string;
  readonly notAfter: Date;
  readonly format?: string;
}

interface ClusterParts {
  name: string;
  users: readonly UserAccount[];
  roles: readonly RoleSpec[];
  inventory: Inventory;
  trusts: ClusterState | null;
  now: () => number;
  edition?: 'oss' | 'ent';
  showResources?: '' | 'requestable' | 'accessible_only';
  accessLists?: readonly AccessListSpec[];
}

/** Everything one cluster knows: names, authorities, users, roles and resources. */
export class ClusterState {
  readonly name: string;
  readonly id = randomUUID();
  readonly proxyUuid = randomUUID();
  readonly authorities: Authorities;
  readonly users: ReadonlyMap<string, UserAccount>;
  readonly roles: ReadonlyMap<string, RoleSpec>;
  readonly inventory: Inventory;
  /** The root whose users this leaf lets in; null for a root. */
  readonly trusts: ClusterState | null;
  readonly leaves: ClusterState[] = [];
  /** Whether this leaf's tunnel to its root is connected. */
  connected = true;
  readonly requests: AccessRequestBook;
  readonly edition: 'oss' | 'ent';
  /** `ui.showResources` of the web configuration; '' leaves it out. */
  readonly showResources: '' | 'requestable' | 'accessible_only';
  /** What people stored here, by their name on this cluster. */
  readonly preferences = new Map<string, teleport.userpreferences.v1.IUserPreferences>();
  /** Ids of app sessions that are good. */
  readonly appSessions = new Set<string>();
  readonly now: () => number;

  private constructor(parts: ClusterParts & { authorities: Authorities }) {
    this.name = parts.name;
    this.authorities = parts.authorities;
    this.users = new Map(parts.users.map((user) => [user.name, user]));
    this.roles = new Map(parts.roles.map((role) => [role.name, role]));
    this.inventory = parts.inventory;
    this.trusts = parts.trusts;
    this.now = parts.now;
    this.edition = parts.edition ?? 'oss';
    this.showResources = parts.showResources ?? '';
    this.requests = new AccessRequestBook(this, { advanced: this.edition === 'ent', accessLists: parts.accessLists ?? [] });
    parts.trusts?.leaves.push(this);
  }

  static async create(parts: ClusterParts): Promise<ClusterState> {
    return new ClusterState({ ...parts, authorities: await createAuthorities(parts.name) });
  }

  /** The leaves that holders of these roles may enter. */
  leavesFor(roles: readonly string[]): ClusterState[] {
    return roles.some((name) => this.roles.get(name)?.onLeaf) ? this.leaves : [];
  }

  /** This cluster's roles by name; unknown names are dropped. */
  access(roles: readonly string[], traitLogins: readonly string[], allowed: readonly string[] = []): AccessSet {
    return new AccessSet(
      roles.flatMap((name) => this.roles.get(name) ?? []),
      traitLogins,
      allowed,
    );
  }

  /** The identity that a login or a reissue certifies, before routes and usage. */
  identityOf(user: UserAccount, loginIp: string, routeToCluster = '', assumed: Assumed = nothingAssumed): { identity: Identity; access: AccessSet } {
    const logins = user.spec.logins ?? [];
    const roles = [...new Set([...user.spec.roles, ...assumed.roles])];
    const access = this.access(roles, logins, assumed.resources);
    const allowed = access.logins();
    const traits: Record<string, readonly string[] | null> = {};
    for (const name of traitNames) traits[name] = name === 'logins' && logins.length > 0 ? logins : name.startsWith('host_user_') ? [''] : null;
    const identity: Identity = {
      ...emptyIdentity,
      user: user.name,
      roles,
      principals: [...(allowed.length > 0 ? allowed : [`-teleport-nologin-${randomUUID()}`]), joinPrincipal],
      routeToCluster: routeToCluster || this.name,
      traits,
      cluster: this.name,
      loginIp,
      kubeGroups: access.list('kubeGroups'),
      dbNames: access.list('dbNames'),
      dbUsers: access.list('dbUsers'),
      awsRoles: access.list('awsRoles'),
      activeRequests: assumed.ids,
      allowedResources: assumed.resources.length > 0 ? JSON.stringify(assumed.resources) : '',
    };
    return { identity, access };
  }

  /** Signs what was asked for: an OpenSSH certificate line and a PEM certificate; null where no key was given. */
  async issue(request: IssueRequest, access: AccessSet): Promise<{ ssh: string | null; tls: string | null }> {
    const now = new Date(this.now());
    const { identity, sshPublicKey, tlsPublicKey, notAfter, format } = request;
    return {
      ssh: sshPublicKey
        ? issueUserSshCertificate(this.authorities.userSsh, identity, access, sshPublicKey, notAfter, now, format ?? 'standard')
        : null,
      tls: tlsPublicKey ? await issueUserCertificate(this.authorities.user, identity, tlsPublicKey, notAfter, now) : null,
    };
  }
}
