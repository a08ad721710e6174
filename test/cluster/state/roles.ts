import type { RequestRules, ReviewRules } from './request-rules.ts';

export type LabelledKind = 'node' | 'db' | 'app' | 'kube_cluster' | 'windows_desktop' | 'saml_idp_service_provider';

/** A label selector: every key must match one of its values; `*` matches anything, as key too. */
export type Selector = Readonly<Record<string, readonly string[]>>;

export interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
}

export type Verb = 'list' | 'read' | 'create' | 'update' | 'delete';

export interface RoleSpec {
  readonly name: string;
  readonly description: string;
  /** `{{internal.logins}}` stands for the user's trait. */
  readonly logins?: readonly string[];
  readonly labels?: Partial<Record<LabelledKind, Selector>>;
  readonly kubeGroups?: readonly string[];
  readonly dbUsers?: readonly string[];
  readonly dbNames?: readonly string[];
  readonly windowsLogins?: readonly string[];
  readonly awsRoles?: readonly string[];
  readonly maxSessionTtl?: number;
  readonly forwardAgent?: boolean;
  readonly portForwarding?: boolean;
  readonly requireMfa?: boolean;
  readonly requestable?: readonly string[];
  readonly request?: RequestRules;
  readonly review?: ReviewRules;
  /** What its holders may do with kinds such as `access_request`, beside what everybody may. */
  readonly rules?: readonly Rule[];
  /** Role that its holders get on the leaf; none means no access there. */
  readonly onLeaf?: string;
}

export const all: Selector = { '*': ['*'] };
const everything = { node: all, db: all, app: all, kube_cluster: all, windows_desktop: all };

export const defaultRoles: readonly RoleSpec[] = [
  {
    name: 'access',
    description: 'Access cluster resources',
    logins: ['{{internal.logins}}'],
    labels: everything,
    kubeGroups: ['viewers'],
    dbUsers: ['reader', 'writer'],
    dbNames: ['*'],
    windowsLogins: ['Administrator'],
    forwardAgent: true,
    portForwarding: true,
    onLeaf: 'access',
  },
  { name: 'developer', description: 'Everyday developer', labels: {}, requestable: ['operator'] },
  { name: 'operator', description: 'Operations', logins: ['root'], labels: { node: all } },
  { name: 'visitor', description: 'Sees development resources, enters none', labels: { node: { env: ['dev'] }, app: { env: ['dev'] } } },
  {
    name: 'careful',
    description: 'Access with a second factor for each session',
    logins: ['{{internal.logins}}'],
    labels: everything,
    requireMfa: true,
    portForwarding: true,
  },
];

/** Whether a rule of the roles allows it; `*` is every kind. */
export function mayDo(roles: readonly RoleSpec[], verb: Verb, kind: string): boolean {
  const rules = roles.flatMap((role) => role.rules ?? []);
  return rules.some(({ resources, verbs }) => (resources.includes(kind) || resources.includes('*')) && verbs.includes(verb));
}

export function matches(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!selector) return false;
  const keys = Object.entries(selector);
  return (
    keys.length > 0 &&
    keys.every(([key, values]) =>
      key === '*' ? values.includes('*') : labels[key] !== undefined && (values.includes('*') || values.includes(labels[key])),
    )
  );
}

/** What a set of roles allows together. */
export class AccessSet {
  readonly roles: readonly RoleSpec[];
  readonly #traitLogins: readonly string[];
  /** `/cluster/kind/name` of the only resources that may be used; null without such a limit. */
  readonly allowed: ReadonlySet<string> | null;

  constructor(roles: readonly RoleSpec[], traitLogins: readonly string[], allowed: readonly string[] = []) {
    this.roles = roles;
    this.#traitLogins = traitLogins;
    this.allowed = allowed.length > 0 ? new Set(allowed) : null;
  }

  /** The same person with other roles: what could be asked for. */
  extended(roles: readonly RoleSpec[]): AccessSet {
    return new AccessSet([...this.roles, ...roles], this.#traitLogins);
  }

  loginsOf(role: RoleSpec): string[] {
    return (role.logins ?? []).flatMap((login) => (login === '{{internal.logins}}' ? this.#traitLogins : [login]));
  }

  logins(): string[] {
    return [...new Set(this.roles.flatMap((role) => this.loginsOf(role)))];
  }

  /** SAML apps are shown to everybody. */
  sees(kind: LabelledKind, labels: Readonly<Record<string, string>>): boolean {
    return kind === 'saml_idp_service_provider' || this.roles.some((role) => matches(role.labels?.[kind], labels));
  }

  /** Logins for one server: those of the roles whose labels match it. */
  loginsFor(labels: Readonly<Record<string, string>>): string[] {
    return [...new Set(this.roles.filter((role) => matches(role.labels?.node, labels)).flatMap((role) => this.loginsOf(role)))];
  }

  needsMfa(kind: LabelledKind, labels: Readonly<Record<string, string>>): boolean {
    return this.roles.some((role) => role.requireMfa && matches(role.labels?.[kind], labels));
  }

  list(field: 'kubeGroups' | 'dbUsers' | 'dbNames' | 'windowsLogins' | 'awsRoles' | 'requestable'): string[] {
    return [...new Set(this.roles.flatMap((role) => role[field] ?? []))];
  }

  has(option: 'forwardAgent' | 'portForwarding'): boolean {
    return this.roles.some((role) => role[option]);
  }
}
