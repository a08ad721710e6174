import type { types } from '../../../proto/gen/teleport.js';
import type { ClusterState } from './cluster-state.ts';
import type { Entry } from './inventory.ts';
import { matches, type RoleSpec } from './roles.ts';

/** What holders of a role may ask for (login-and-auth §7.3, AccessRequestConditions). */
export interface RequestRules {
  readonly roles?: readonly string[];
  /** Roles by which resources are found and asked for. */
  readonly searchAsRoles?: readonly string[];
  readonly thresholds?: readonly { name?: string; approve: number; deny: number }[];
  readonly suggestedReviewers?: readonly string[];
  /** Milliseconds; without it access ends with the session. */
  readonly maxDuration?: number;
  readonly reason?: { mode: 'optional' | 'required'; prompt?: string };
  readonly autoApprove?: boolean;
}

/** Requests for which roles its holders may review; `*` is all. */
export interface ReviewRules {
  readonly roles: readonly string[];
  /** Roles by which they see what is asked for. */
  readonly previewAsRoles?: readonly string[];
}

export interface EffectiveRules {
  readonly roles: readonly string[];
  readonly searchAsRoles: readonly string[];
  readonly suggestedReviewers: readonly string[];
  readonly maxDuration: number;
  readonly reason: { mode: 'optional' | 'required'; prompts: string[] };
  readonly autoApprove: boolean;
  thresholdsOf(roles: readonly string[]): { thresholds: types.IAccessReviewThreshold[]; mapping: Record<string, types.IThresholdIndexSets> };
}

const unique = <T>(list: readonly T[]) => [...new Set(list)];
const byDefault = { name: 'default', approve: 1, deny: 1 };

/** What the roles that a person was given, not those that they assumed, let them ask for. */
export function requestRules(cluster: ClusterState, user: string, advanced: boolean): EffectiveRules {
  const specs = (cluster.users.get(user)?.spec.roles ?? []).flatMap((name) => cluster.roles.get(name) ?? []);
  const rules = specs.flatMap((role) => (role.request ? [role.request] : []));
  const reasons = rules.flatMap(({ reason }) => (reason ? [reason] : []));
  return {
    roles: unique([...specs.flatMap((role) => role.requestable ?? []), ...rules.flatMap((rule) => rule.roles ?? [])]).sort(),
    searchAsRoles: advanced ? unique(rules.flatMap((rule) => rule.searchAsRoles ?? [])) : [],
    suggestedReviewers: unique(rules.flatMap((rule) => rule.suggestedReviewers ?? [])),
    maxDuration: Math.max(0, ...rules.map((rule) => rule.maxDuration ?? 0)),
    reason: {
      mode: reasons.some(({ mode }) => mode === 'required') ? 'required' : 'optional',
      prompts: unique(reasons.flatMap(({ prompt }) => prompt ?? [])),
    },
    autoApprove: rules.some((rule) => rule.autoApprove),
    thresholdsOf: (roles) => {
      const thresholds: types.IAccessReviewThreshold[] = [];
      const mapping: Record<string, types.IThresholdIndexSets> = {};
      for (const role of roles) {
        const from = rules.filter((rule) => rule.roles?.includes(role) || rule.searchAsRoles?.includes(role));
        const sets = (from.length > 0 ? from : [{}]).map((rule: RequestRules) => (advanced && rule.thresholds) || [byDefault]);
        mapping[role] = { Sets: sets.map((set) => ({ Indexes: set.map((threshold) => place(thresholds, threshold)) })) };
      }
      return { thresholds, mapping };
    },
  };
}

function place(
  thresholds: types.IAccessReviewThreshold[],
  { name = 'default', approve, deny }: { name?: string; approve: number; deny: number },
): number {
  const known = thresholds.findIndex((one) => one.Name === name && one.Approve === approve && one.Deny === deny);
  return known >= 0 ? known : thresholds.push({ Name: name, Approve: approve, Deny: deny }) - 1;
}

/** The roles by which the resources can be reached: the requested ones, or all that reach at least one of the resources. */
export function applicableRoles(
  cluster: ClusterState,
  rules: Pick<EffectiveRules, 'searchAsRoles'>,
  resources: readonly types.IResourceID[],
  wanted: readonly string[],
): string[] {
  if (wanted.length > 0) return [...wanted];
  const entries = resources.flatMap((resource) => entryOf(cluster, resource) ?? []);
  return rules.searchAsRoles.filter((name) => {
    const role = cluster.roles.get(name);
    return role && entries.some((entry) => matches(role.labels?.[entry.kind], entry.labels));
  });
}

function entryOf(cluster: ClusterState, { ClusterName, Kind, Name }: types.IResourceID): Entry | undefined {
  const owner = [cluster, ...cluster.leaves].find(({ name }) => name === ClusterName);
  const kind = Kind === 'namespace' ? 'kube_cluster' : Kind;
  return owner?.inventory.byName.find((entry) => entry.kind === kind && entry.id === Name);
}

export function canReview(roles: readonly RoleSpec[], requested: readonly string[]): boolean {
  const allowed = roles.flatMap((role) => role.review?.roles ?? []);
  return allowed.length > 0 && requested.every((role) => allowed.includes('*') || allowed.includes(role));
}
