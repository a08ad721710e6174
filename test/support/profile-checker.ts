import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';

export interface ProfileExpectation {
  home: string;
  /** Profile name: the proxy's host. */
  profile: string;
  user: string;
  /** Root cluster. */
  cluster: string;
  /** Leaves whose CAs must be there too. */
  leaves?: string[];
  /** False when the login was not the last one written to this home. */
  current?: boolean;
  /** True for recorded certificates, whose private keys nobody has: pairs are judged by the public halves. */
  withoutPrivateKeys?: boolean;
}

const yamlOrder = [
  ...['web_proxy_addr', 'ssh_proxy_addr', 'kube_proxy_addr', 'postgres_proxy_addr', 'mysql_proxy_addr', 'mongo_proxy_addr'],
  ...['relay_addr', 'default_relay_addr', 'user', 'cluster', 'dynamic_forward_ports', 'dir', 'tls_routing_enabled', 'tls_routing_conn_upgrade_required'],
  ...['auth_connector', 'load_all_cas', 'mfa_mode', 'private_key_policy', 'piv_slot', 'piv_pin_cache_ttl', 'missingclusterdetails'],
  ...['saml_slo_enabled', 'sso_host', 'ssh_dial_timeout', 'scope'],
];

/** Holds a written profile to tsh-profile §1 and §2 with OpenSSH and OpenSSL as judges. Returns what is wrong with it; empty is good. */
export function checkProfile(expected: ProfileExpectation): string[] {
  const { home, profile, user, cluster } = expected;
  const wrong: string[] = [];
  const check = (holds: unknown, complaint: string) => {
    if (!holds) wrong.push(complaint);
  };
  const folder = join(home, 'keys', profile);
  const of = (suffix: string) => join(folder, `${user}${suffix}`);
  const sshCert = join(of('-ssh'), `${cluster}-cert.pub`);
  const needed = [join(home, `${profile}.yaml`), of('.key'), of('.crt'), of(''), of('.pub'), sshCert, join(folder, 'cas', `${cluster}.pem`), join(folder, 'certs.pem')];
  needed.push(join(home, 'known_hosts'), join(home, 'current-profile'));
  for (const path of needed) check(existsSync(path), `missing: ${path}`);
  if (wrong.length > 0) return wrong;
  const text = (path: string) => readFileSync(path, 'utf8');

  for (const [path, kind] of walk(home)) {
    const mode = lstatSync(path).mode & 0o777;
    if (kind === 'folder') check(mode === 0o700, `folder mode ${mode.toString(8)}: ${path}`);
    else if (isSecret(path, folder, user)) check(mode === 0o600, `mode ${mode.toString(8)}: ${path}`);
    else check((mode & 0o137 & ~0o060) === 0 && (mode & 0o007) === 0, `mode ${mode.toString(8)}: ${path}`);
    check(!/\.tmp$/.test(path), `temporary file left: ${path}`);
  }
  check(readdirSync(of('-ssh')).every((name) => name.endsWith('-cert.pub')), 'something else than certificates in the -ssh folder');
  check(readdirSync(join(folder, 'cas')).every((name) => name.endsWith('.pem')), 'something else than PEM files in cas/');
  const strangers = readdirSync(home).filter((name) => !/^(.*\.yaml|current-profile|known_hosts|keys|config|bin|azure|id_vnet.*)$/.test(name));
  check(strangers.length === 0, `foreign entries in the home: ${strangers.join(', ')}`);

  const yaml = parse(text(join(home, `${profile}.yaml`))) as Record<string, unknown>;
  check(hostOf(String(yaml['web_proxy_addr'])) === profile, 'the profile is not named after the host of web_proxy_addr');
  check(yaml['user'] === user, 'user');
  check(yaml['cluster'] === cluster, 'cluster');
  check(yaml['mfa_mode'] === undefined || ['auto', 'platform', 'cross-platform'].includes(String(yaml['mfa_mode'])), 'mfa_mode that Connect rejects');
  const known = Object.keys(yaml).filter((key) => yamlOrder.includes(key));
  check(known.join() === yamlOrder.filter((key) => key in yaml).join(), `key order: ${known.join()}`);
  if (expected.current !== false) check(text(join(home, 'current-profile')) === `${profile}\n`, 'current-profile does not name it');

  check(/^-----BEGIN (RSA )?PRIVATE KEY-----\n/.test(text(of('.key'))), 'TLS key is neither PKCS#8 nor PKCS#1');
  check(/^-----BEGIN (RSA|OPENSSH) PRIVATE KEY-----\n/.test(text(of(''))), 'SSH key is neither in the OpenSSH form nor PKCS#1');
  check(/^[a-z0-9-]+ [A-Za-z0-9+/=]+\n$/.test(text(of('.pub'))), 'public key line has a comment or lacks its newline');
  check(/^[a-z0-9@.-]+ [A-Za-z0-9+/=]+\n$/.test(text(sshCert)), 'certificate line has a comment or lacks its newline');
  const certKey = run('openssl', ['x509', '-in', of('.crt'), '-noout', '-pubkey']);
  check(certKey, 'OpenSSL cannot read the user certificate');
  if (!expected.withoutPrivateKeys) {
    check(certKey === run('openssl', ['pkey', '-in', of('.key'), '-pubout']), 'the TLS certificate does not belong to the key');
    check(run('ssh-keygen', ['-y', '-P', '', '-f', of('')]).split(' ').slice(0, 2).join(' ').trim() === text(of('.pub')).trim(), 'the SSH key and its .pub differ');
  }
  check(/CN ?= ?(\S+?)(,|\n|$)/.exec(run('openssl', ['x509', '-in', of('.crt'), '-noout', '-issuer']))?.[1] === cluster, 'issuer CN is not the root cluster');
  const listing = run('ssh-keygen', ['-L', '-f', sshCert]);
  check(/Type: \S+ user certificate/.test(listing), 'not an SSH user certificate');
  const fingerprint = /(SHA256:\S+)/.exec(run('ssh-keygen', ['-l', '-f', of('.pub')]))?.[1];
  check(fingerprint && /Public key: \S+ (SHA256:\S+)/.exec(listing)?.[1] === fingerprint, 'the SSH certificate does not belong to the key');

  const pems: string[] = [];
  for (const name of [cluster, ...(expected.leaves ?? [])]) {
    const path = join(folder, 'cas', `${name}.pem`);
    check(existsSync(path), `no CA file of ${name}`);
    if (!existsSync(path)) continue;
    const blocks = text(path).match(/-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    check(blocks.length > 0 && blocks.join('') === text(path), `cas/${name}.pem holds more than certificates`);
    check(new RegExp(`CN ?= ?${name}(,|\n|$)`, 'm').test(run('openssl', ['x509', '-in', path, '-noout', '-subject'])), `cas/${name}.pem is not of ${name}`);
    pems.push(...blocks);
    const line = new RegExp(`^@cert-authority ${escape(profile)},${escape(name)},\\*\\.${escape(name)} \\S+ \\S+ type=host$`, 'm');
    check(line.test(text(join(home, 'known_hosts'))), `known_hosts has no host CA of ${name}`);
  }
  const all = text(join(folder, 'certs.pem'));
  for (const pem of pems) check(all.includes(`${pem}\n`), 'certs.pem lacks a CA');
  const lines = text(join(home, 'known_hosts')).trimEnd().split('\n');
  check(new Set(lines).size === lines.length, 'known_hosts has a line twice');
  for (const name of [cluster, ...(expected.leaves ?? [])]) {
    const found = run('ssh-keygen', ['-F', `node.${name}`, '-f', join(home, 'known_hosts')]);
    check(/ CA$/m.test(found), `OpenSSH finds no CA for ${name} in known_hosts`);
  }
  return wrong;
}

function isSecret(path: string, folder: string, user: string): boolean {
  if (!path.startsWith(folder)) return basename(path) === 'known_hosts';
  return dirname(path) === join(folder, `${user}-ssh`) || (dirname(path) === folder && basename(path) !== 'certs.pem');
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

const escape = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function run(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function* walk(folder: string): Generator<[string, 'folder' | 'file']> {
  yield [folder, 'folder'];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield [path, 'file'];
  }
}
