import type { Ping } from '../teleport/webapi.ts';
import { splitAddress } from './profiles/names.ts';
import type { Profile } from './profiles/profile-yaml.ts';

const usualSshPort = 3023;

/** The part of a profile that the proxy's ping decides (tsh-profile §1.3, login-and-auth §1.4). */
export function profileOfPing(address: string, ping: Ping): Profile {
  const everywhere = ping.tlsRouting ? address : undefined;
  return {
    web_proxy_addr: address,
    ssh_proxy_addr: sshProxyAddress(address, ping),
    ...(everywhere && { kube_proxy_addr: everywhere, postgres_proxy_addr: everywhere, mysql_proxy_addr: everywhere, mongo_proxy_addr: everywhere }),
    tls_routing_enabled: ping.tlsRouting,
    load_all_cas: ping.loadAllCas,
    private_key_policy: ping.privateKeyPolicy === 'none' ? '' : ping.privateKeyPolicy,
    ssh_dial_timeout: '30s',
  };
}

/** Where TransportService listens: the web address under TLS routing, else the SSH proxy's own. */
export function sshProxyAddress(address: string, ping: Ping): string {
  if (ping.tlsRouting) return address;
  const named = splitAddress(ping.sshPublicAddress);
  if (ping.sshPublicAddress && named.host) return withPort(named.host, named.port || usualSshPort);
  return withPort(splitAddress(address).host, splitAddress(ping.sshListenAddress).port || usualSshPort);
}

/** The address that the proxy wants to be known by; an advertised one without a port means 3080. Null when it names none. */
export function publicAddress(ping: Ping): string | null {
  const { host, port } = splitAddress(ping.webPublicAddress.trim().toLowerCase());
  return host && /^[a-z0-9._:-]{1,253}$/.test(host) && port <= 65_535 ? withPort(host, port || 3080) : null;
}

const withPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
