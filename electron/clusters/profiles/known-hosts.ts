/** SSH host CA keys of one cluster, as `type base64` lines without comment. */
export interface HostCa {
  cluster: string;
  keys: readonly string[];
}

/** One line per host CA key: `@cert-authority <proxy host>,<cluster>,*.<cluster> <type> <base64> type=host` (tsh-profile §1.5). */
export function knownHostsLines(proxyHost: string, cas: readonly HostCa[]): string[] {
  return cas.flatMap((ca) => ca.keys.map((key) => `@cert-authority ${proxyHost},${ca.cluster},*.${ca.cluster} ${bareKey(key)} type=host`));
}

/** The file with the new lines appended: everything that stood there stays, identical lines stand once. */
export function mergeKnownHosts(content: string, lines: readonly string[]): string {
  const present = content.split('\n');
  while (present.at(-1) === '') present.pop();
  const merged = [...present, ...lines];
  const seen = new Set<string>();
  const kept = merged.filter((line) => line.trim() === '' || line.startsWith('#') || (!seen.has(line) && seen.add(line)));
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}

/**
 * The CA keys that may have signed host certificates of `cluster`. The meaning of a line's names is positional: of three
 * the second is the cluster, of one or two the first. Lines of another form, and those marked for users, are passed over.
 */
export function hostCaKeys(content: string, cluster: string): string[] {
  const keys = new Set<string>();
  for (const line of content.split('\n')) {
    const match = /^@cert-authority\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+(\S+))?\s*$/.exec(line);
    if (!match) continue;
    const [, hosts = '', algorithm, base64, options = ''] = match;
    const names = hosts.split(',');
    const type = new URLSearchParams(options).get('type') ?? 'host';
    const owner = names.length >= 3 ? names[1] : names[0];
    if (type === 'host' && owner?.replace(/^\*\./, '') === cluster) keys.add(`${algorithm} ${base64}`);
  }
  return [...keys];
}

function bareKey(line: string): string {
  const [type = '', base64 = ''] = line.trim().split(/\s+/);
  return `${type} ${base64}`;
}
