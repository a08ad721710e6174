import type { DatabaseFacts, DatabaseRole, DatabaseRules } from '../../teleport/auth/target-api.ts';

export interface DatabaseAccess {
  readonly users: string[];
  readonly anyUser: boolean;
  readonly databases: string[];
  readonly anyDatabase: boolean;
  readonly makesUsers: boolean;
}

type Labels = Readonly<Record<string, string>>;
type Traits = Readonly<Record<string, readonly string[]>>;

/** What the roles allow on this database, for a menu: the cluster decides anew when somebody connects. */
export function databaseAccess(database: DatabaseFacts, roles: readonly DatabaseRole[], traits: Traits): DatabaseAccess {
  const allowing = roles.filter(({ allow }) => selects(allow.labels, database.labels, traits));
  const denying = roles.filter(({ deny }) => Object.keys(deny.labels).length === 0 || selects(deny.labels, database.labels, traits));
  const gather = (field: 'users' | 'names', from: readonly DatabaseRole[], side: 'allow' | 'deny') =>
    new Set(from.flatMap((role) => (role[side] as DatabaseRules)[field].flatMap((value) => expand(value, traits))));
  const settle = (field: 'users' | 'names') => {
    const denied = gather(field, denying, 'deny');
    const allowed = [...gather(field, allowing, 'allow')].filter((value) => !denied.has(value) && !denied.has('*'));
    return {
      any: allowed.some((value) => value === '*' || unreadable(value)),
      listed: allowed.filter((value) => value !== '*' && !unreadable(value)).sort(),
    };
  };
  const users = settle('users');
  const names = settle('names');
  return {
    users: users.listed,
    anyUser: users.any,
    databases: names.listed,
    anyDatabase: names.any,
    makesUsers: allowing.some((role) => role.makesUsers),
  };
}

/** A selector holds when each of its keys matches one of its values; `*` alone matches everything. */
function selects(selector: DatabaseRules['labels'], labels: Labels, traits: Traits): boolean {
  const keys = Object.entries(selector);
  if (keys.length === 0) return false;
  return keys.every(([key, values]) => {
    const wanted = values.flatMap((value) => expand(value, traits));
    if (key === '*') return wanted.includes('*');
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return label !== undefined && wanted.some((value) => matches(value, label));
  });
}

/**
 * A literal, a pattern with `*`, or a whole regular expression between `^` and `$`. An expression that cannot be read counts as a
 * match, so that nothing is hidden by mistake.
 */
function matches(pattern: string, text: string): boolean {
  if (unreadable(pattern) || pattern === '*') return true;
  if (pattern.startsWith('^') && pattern.endsWith('$')) return pattern.slice(1, -1) === text || /[\\[\](){}.+?|*]/.test(pattern);
  return pattern.includes('*') ? wildcard(pattern, text) : pattern === text;
}

function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** `{{internal.x}}` and `{{external.x}}` stand for a trait's values; other templates stay as they are. */
function expand(value: string, traits: Traits): readonly string[] {
  const match = /^(.*?)\{\{\s*(?:internal|external)\.([\w-]+)\s*\}\}(.*)$/.exec(value);
  if (!match) return [value];
  const [, before = '', name = '', after = ''] = match;
  return (Object.hasOwn(traits, name) ? (traits[name] ?? []) : []).map((trait) => `${before}${trait}${after}`);
}

const unreadable = (value: string) => value.includes('{{');
