import type { Resource } from '../../../shared/model/resource.ts';

export interface ResourcePlace {
  /** Cluster that owns the resources. */
  readonly cluster: string;
  readonly rootCluster: string;
  /** host:port of the proxy's web listener. */
  readonly proxyAddress: string;
}

type Linked = Pick<Resource, 'kind' | 'id' | 'name' | 'subKind' | 'logins'>;

/** A `tsh` command for a POSIX shell that reaches the resource; empty when tsh has none. Names are quoted, whatever they hold. */
export function tshCommand(resource: Linked, place: ResourcePlace): string {
  const flags = [`--proxy=${place.proxyAddress}`, ...(place.cluster === place.rootCluster ? [] : [`--cluster=${place.cluster}`])];
  const command = (...words: string[]) => ['tsh', ...words].map(quote).join(' ');
  const named = (...words: string[]) => command(...words, ...flags, ...(resource.id.startsWith('-') ? ['--'] : []), resource.id);
  switch (resource.kind) {
    case 'node': {
      const login = resource.logins[0];
      const host = resource.name || resource.id;
      return command('ssh', ...flags, ...(!login && host.startsWith('-') ? ['--'] : []), login ? `${login}@${host}` : host);
    }
    case 'db':
      return named('db', 'connect');
    case 'kube_cluster':
      return named('kube', 'login');
    case 'app':
      return resource.subKind === 'cloud' || resource.subKind === 'aws' ? named('apps', 'login') : named('proxy', 'app');
    case 'mcp':
      return named('mcp', 'connect');
    case 'git_server':
      return command('git', 'login', ...flags, `--github-org=${resource.name}`);
    default:
      return '';
  }
}

/** The page of the proxy's web UI where the resource is found, or opened if the UI can do that by link. */
export function webUrl(resource: Linked, place: ResourcePlace): string {
  const part = encodeURIComponent;
  const web = `https://${place.proxyAddress.replace(/:443$/, '')}/web`;
  const cluster = `${web}/cluster/${part(place.cluster)}`;
  const login = resource.logins[0];
  if (resource.kind === 'node' && login) return `${cluster}/console/node/${part(resource.id)}/${part(login)}`;
  if (resource.kind === 'windows_desktop' && login) return `${cluster}/desktops/${part(resource.id)}/${part(login)}`;
  return `${cluster}/resources?search=${part(resource.name || resource.id)}`;
}

function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
