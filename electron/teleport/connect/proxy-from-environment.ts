import { BlockList, isIP } from 'node:net';

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The HTTP proxy for `target`, by HTTPS_PROXY or HTTP_PROXY and NO_PROXY, in upper or lower case; null to connect directly. This
 * computer is always reached directly. NO_PROXY lists names (with their subdomains; after a dot, the subdomains only), addresses,
 * address ranges, each with an optional port, or `*`.
 */
export function proxyFor(target: URL, environment: ProxyEnvironment): URL | null {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()] || '';
  const typed = read(target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY').trim();
  if (typed === '' || isLoopback(target.hostname) || isExcepted(target, read('NO_PROXY'))) return null;
  return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`);
}

export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isExcepted(target: URL, noProxy: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInRange(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== '' && wanted !== port) return false;
  if (isIP(name)) return name === host;
  const domain = name.replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): { name: string; port: string } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  if (isIP(entry)) return { name: entry, port: '' };
  const [, name = entry, port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return { name, port };
}

function isInRange(entry: string, host: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
