import type { Ping } from '../../teleport/web/webapi.ts';
import { splitAddress } from '../profiles/names.ts';
import type { Profile } from '../profiles/profile-yaml.ts';

const usualSshPort = 3023;
const usualKubePort = 3026;

/** The part of a profile that the proxy's ping decides (tsh-profile §1.3, login-and-auth §1.4). */
export function profileOfPing(address: string, ping: Ping): Profile {
  return {
    web_proxy_addr: address,
    ssh_proxy_addr: sshProxyAddress(address, ping),
    ...serviceAddresses(address, ping),
    tls_routing_enabled: ping.tlsRouting,
    load_all_cas: ping.loadAllCas,
    private_key_policy: ping.privateKeyPolicy === 'none' ? '' : ping.privateKeyPolicy,
    ssh_dial_timeout: '30s',
  };
}

/** One address for all under TLS routing, else what the proxy says of each (login-and-auth §1.4). */
function serviceAddresses(address: string, ping: Ping): Partial<Profile> {
  if (ping.tlsRouting) return { kube_proxy_addr: address, postgres_proxy_addr: address, mysql_proxy_addr: address, mongo_proxy_addr: address };
  const web = splitAddress(address);
  const place = (
    { publicAddress: named, listenAddress: listens }: { publicAddress: string; listenAddress: string },
    usualPort: number,
    ownHost = false,
  ) => {
    const [outside, inside] = [splitAddress(named), splitAddress(listens)];
    if (named && outside.host) return withPort(outside.host, outside.port || usualPort);
    return withPort(ownHost && inside.host && !isUnspecified(inside.host) ? inside.host : web.host, inside.port || usualPort);
  };
  return {
    ...(ping.kube ? { kube_proxy_addr: place(ping.kube, usualKubePort, true) } : {}),
    postgres_proxy_addr: place(ping.postgres, web.port),
    mysql_proxy_addr: place(ping.mysql, 3036),
    mongo_proxy_addr: place(ping.mongo, 27017),
  };
}

const isUnspecified = (host: string) => host === '0.0.0.0' || host === '::';

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
