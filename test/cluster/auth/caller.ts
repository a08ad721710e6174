import type { AccessSet } from '../state/roles.ts';
import { denied } from './errors.ts';
import type { CallContext } from './methods.ts';

/** The person behind a call, as the called cluster sees them. */
export interface Caller {
  /** The name on this cluster: on a leaf `remote-<user>-<root>`. */
  readonly name: string;
  readonly user: string;
  readonly local: boolean;
  readonly roles: readonly string[];
  readonly access: AccessSet;
  readonly traits: Readonly<Record<string, readonly string[] | null>>;
}

/** Null without a client certificate. A locked person, or one whose roles mean nothing on this leaf, is denied every call (login-and-auth §5.3). */
export function callerOf({ cluster, peer }: Pick<CallContext, 'cluster' | 'peer'>): Caller | null {
  if (!peer) return null;
  const { identity } = peer;
  const home = cluster.trusts ?? cluster;
  const user = home.users.get(identity.user);
  if (!user || user.lock !== null) throw denied();
  const logins = user.spec.logins ?? [];
  if (!cluster.trusts) {
    return {
      name: identity.user,
      user: identity.user,
      local: true,
      roles: identity.roles,
      access: cluster.access(identity.roles, logins, identity.allowedResources ? (JSON.parse(identity.allowedResources) as string[]) : []),
      traits: identity.traits,
    };
  }
  const mapped = [...new Set(identity.roles.flatMap((name) => home.roles.get(name)?.onLeaf ?? []))];
  if (mapped.length === 0) throw denied();
  return {
    name: `remote-${identity.user}-${home.name}`,
    user: identity.user,
    local: false,
    roles: mapped,
    access: cluster.access(mapped, logins),
    traits: { ...identity.traits, logins: identity.principals },
  };
}

export function requireCaller(context: Pick<CallContext, 'cluster' | 'peer'>): Caller {
  const caller = callerOf(context);
  if (!caller) throw denied();
  return caller;
}
