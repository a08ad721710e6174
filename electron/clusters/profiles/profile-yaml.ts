import { Document, isMap, isScalar, parseDocument, stringify } from 'yaml';
import * as z from 'zod';

/** The keys of `<P>.yaml` that Slipway reads or writes, in the order in which tsh writes them (tsh-profile §1.3). */
export const profileSchema = z.object({
  web_proxy_addr: z.string().min(1).max(1024),
  ssh_proxy_addr: z.string().optional(),
  kube_proxy_addr: z.string().optional(),
  postgres_proxy_addr: z.string().optional(),
  mysql_proxy_addr: z.string().optional(),
  mongo_proxy_addr: z.string().optional(),
  user: z.string().optional(),
  cluster: z.string().optional(),
  tls_routing_enabled: z.boolean().optional(),
  tls_routing_conn_upgrade_required: z.boolean().optional(),
  auth_connector: z.string().optional(),
  load_all_cas: z.boolean().optional(),
  mfa_mode: z.string().optional(),
  private_key_policy: z.string().optional(),
  piv_slot: z.string().optional(),
  piv_pin_cache_ttl: z.string().optional(),
  missingclusterdetails: z.boolean().optional(),
  saml_slo_enabled: z.boolean().optional(),
  ssh_dial_timeout: z.string().optional(),
});
export type Profile = z.infer<typeof profileSchema>;
const keys = profileSchema.keyof().options;

/** Keys that tsh writes even when empty. */
const alwaysWritten: (keyof Profile)[] = ['private_key_policy', 'piv_slot', 'piv_pin_cache_ttl', 'missingclusterdetails'];

/** A profile's content; null when it is cut off, foreign or no YAML. Unknown keys are left out. */
export function parseProfile(text: string): Profile | null {
  try {
    const document = parseDocument(text, { logLevel: 'silent' });
    if (document.errors.length > 0 || !isMap(document.contents)) return null;
    const parsed = profileSchema.safeParse(withoutNulls(document.toJS({ maxAliasCount: 10 })));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * The text with `profile`'s values put in: keys that were there keep their place, unknown ones their value and
 * comments, new ones go where tsh has them. Empty and false values are left out, as tsh does.
 */
export function renderProfile(before: string | null, profile: Profile): string {
  const document = before === null ? new Document({}) : parseDocument(before, { logLevel: 'silent' });
  if (document.errors.length > 0 || !isMap(document.contents)) return stringify(shown(profile), style);
  const { items } = document.contents;
  const values = shown(profile);
  let next = 0;
  for (const key of keys) {
    const at = items.findIndex((item) => isScalar(item.key) && item.key.value === key);
    if (key in profile && !(key in values)) {
      if (at >= 0) items.splice(at, 1);
      if (at >= 0 && at < next) next--;
    } else if (at >= 0) {
      if (key in values && document.get(key) !== values[key]) document.set(key, values[key]);
      next = Math.max(next, at + 1);
    } else if (key in values) {
      items.splice(next++, 0, document.createPair(document.createNode(key), values[key]));
    }
  }
  return document.toString(style);
}

const style = { lineWidth: 0, defaultStringType: 'PLAIN' } as const;

function shown(profile: Profile): Record<string, unknown> {
  const entries = keys.map((key) => [key, profile[key]] as const);
  return Object.fromEntries(
    entries.filter(([key, value]) => value !== undefined && (alwaysWritten.includes(key) || (value !== '' && value !== false))),
  );
}

const withoutNulls = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
