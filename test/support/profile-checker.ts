import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { have } from './have.ts';

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
  ...[
    'relay_addr',
    'default_relay_addr',
    'user',
    'cluster',
    'dynamic_forward_ports',
    'dir',
    'tls_routing_enabled',
    'tls_routing_conn_upgrade_required',
  ],
  ...['auth_connector', 'load_all_cas', 'mfa_mode', 'private_key_policy', 'piv_slot', 'piv_pin_cache_ttl', 'missingclusterdetails'],
  ...['saml_slo_enabled', 'sso_host', 'ssh_dial_timeout', 'scope'],
];

/** What of a profile is looked at, and where complaints go. */
interface Inspection extends ProfileExpectation {
  folder: string;
  /** A file of this user's: `K/<user><suffix>`. */
  of(suffix: string): string;
  sshCert: string;
  check(holds: unknown, complaint: string): void;
  /** A check that an outside program decides; left out where it is not installed. */
  judge(program: 'openssl' | 'ssh-keygen', holds: () => unknown, complaint: string): void;
}

/**
 * Holds a written profile to tsh-profile §1 and §2. Returns what is wrong with it; empty is good. OpenSSH and OpenSSL are
 * the judges of keys and certificates.
 */
export function checkProfile(expected: ProfileExpectation): string[] {
  const wrong: string[] = [];
  const folder = join(expected.home, 'keys', expected.profile);
  const of = (suffix: string) => join(folder, `${expected.user}${suffix}`);
  const check = (holds: unknown, complaint: string) => {
    if (!holds) wrong.push(complaint);
  };
  const inspection: Inspection = {
    ...expected,
    folder,
    of,
    sshCert: join(of('-ssh'), `${expected.cluster}-cert.pub`),
    check,
    judge: (program, holds, complaint) => check(!have(program) || holds(), complaint),
  };
  checkMinimum(inspection);
  if (wrong.length > 0) return wrong;
  checkLayout(inspection);
  checkYaml(inspection);
  checkKeys(inspection);
  checkAuthorities(inspection);
  return wrong;
}

const read = (path: string) => readFileSync(path, 'utf8');

/** tsh-profile §2.1 */
function checkMinimum({ home, profile, cluster, folder, of, sshCert, check }: Inspection): void {
  const inHome = [`${profile}.yaml`, 'known_hosts', 'current-profile'].map((name) => join(home, name));
  const inFolder = [join('cas', `${cluster}.pem`), 'certs.pem'].map((name) => join(folder, name));
  for (const path of [...inHome, ...inFolder, of('.key'), of('.crt'), of(''), of('.pub'), sshCert]) check(existsSync(path), `missing: ${path}`);
}

/** tsh-profile §1.1 modes, §2.7 temporary files, §2.10 nothing of our own. */
function checkLayout({ home, user, folder, of, check }: Inspection): void {
  for (const [path, kind] of walk(home)) {
    const mode = lstatSync(path).mode & 0o777;
    const fits = kind === 'folder' ? mode === 0o700 : isSecret(path, folder, user) ? mode === 0o600 : (mode & 0o117) === 0;
    check(fits || process.platform === 'win32', `mode ${mode.toString(8)}: ${path}`);
    check(!/\.tmp$/.test(path) || process.platform === 'win32', `temporary file left: ${path}`);
  }
  const only = (directory: string, ending: string) => readdirSync(directory).every((name) => name.endsWith(ending));
  check(only(of('-ssh'), '-cert.pub'), 'something else than certificates in the -ssh folder');
  check(only(join(folder, 'cas'), '.pem'), 'something else than PEM files in cas/');
  const strangers = readdirSync(home).filter(
    (name) => !/^(.*\.yaml|current-profile|known_hosts(\.lock\.tmp)?|keys|config|bin|azure|id_vnet.*)$/.test(name),
  );
  check(strangers.length === 0, `foreign entries in the home: ${strangers.join(', ')}`);
}

/** tsh-profile §1.3 */
function checkYaml({ home, profile, user, cluster, current, check }: Inspection): void {
  const yaml = parse(read(join(home, `${profile}.yaml`))) as Record<string, unknown>;
  check(hostOf(String(yaml.web_proxy_addr)) === profile, 'the profile is not named after the host of web_proxy_addr');
  check(yaml.user === user, 'user');
  check(yaml.cluster === cluster, 'cluster');
  check(yaml.mfa_mode === undefined || ['auto', 'platform', 'cross-platform'].includes(String(yaml.mfa_mode)), 'mfa_mode that Connect rejects');
  const known = Object.keys(yaml).filter((key) => yamlOrder.includes(key));
  check(known.join() === yamlOrder.filter((key) => key in yaml).join(), `key order: ${known.join()}`);
  if (current !== false) check(read(join(home, 'current-profile')) === `${profile}\n`, 'current-profile does not name it');
}

/** tsh-profile §1.4, §2.2 */
function checkKeys({ cluster, of, sshCert, withoutPrivateKeys, check, judge }: Inspection): void {
  check(/^-----BEGIN (RSA )?PRIVATE KEY-----\n/.test(read(of('.key'))), 'TLS key is neither PKCS#8 nor PKCS#1');
  check(/^-----BEGIN (RSA|OPENSSH) PRIVATE KEY-----\n/.test(read(of(''))), 'SSH key is neither in the OpenSSH form nor PKCS#1');
  check(/^[a-z0-9-]+ [A-Za-z0-9+/=]+\n$/.test(read(of('.pub'))), 'public key line has a comment or lacks its newline');
  check(/^[a-z0-9@.-]+ [A-Za-z0-9+/=]+\n$/.test(read(sshCert)), 'certificate line has a comment or lacks its newline');
  const inCertificate = () => run('openssl', ['x509', '-in', of('.crt'), '-noout', '-pubkey']);
  const issuer = () => /CN ?= ?(\S+?)(,|\n|$)/.exec(run('openssl', ['x509', '-in', of('.crt'), '-noout', '-issuer']))?.[1];
  judge('openssl', inCertificate, 'OpenSSL cannot read the user certificate');
  judge('openssl', () => issuer() === cluster, 'issuer CN is not the root cluster');
  if (!withoutPrivateKeys) {
    const ofKey = () => run('openssl', ['pkey', '-in', of('.key'), '-pubout']);
    const publicLine = () =>
      run('ssh-keygen', ['-y', '-P', '', '-f', of('')])
        .split(' ')
        .slice(0, 2)
        .join(' ')
        .trim();
    judge('openssl', () => inCertificate() === ofKey(), 'the TLS certificate does not belong to the key');
    judge('ssh-keygen', () => publicLine() === read(of('.pub')).trim(), 'the SSH key and its .pub differ');
  }
  const listing = () => run('ssh-keygen', ['-L', '-f', sshCert]);
  const fingerprint = () => /(SHA256:\S+)/.exec(run('ssh-keygen', ['-l', '-f', of('.pub')]))?.[1] ?? 'none';
  judge('ssh-keygen', () => /Type: \S+ user certificate/.test(listing()), 'not an SSH user certificate');
  judge('ssh-keygen', () => /Public key: \S+ (SHA256:\S+)/.exec(listing())?.[1] === fingerprint(), 'the SSH certificate does not belong to the key');
}

/** tsh-profile §1.1 `cas/`, `certs.pem`; §1.5 known_hosts. */
function checkAuthorities({ home, profile, cluster, leaves = [], folder, check, judge }: Inspection): void {
  const knownHosts = join(home, 'known_hosts');
  const lines = read(knownHosts).trimEnd().split('\n');
  check(new Set(lines).size === lines.length, 'known_hosts has a line twice');
  for (const name of [cluster, ...leaves]) {
    const path = join(folder, 'cas', `${name}.pem`);
    const pem = existsSync(path) ? read(path) : '';
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    check(blocks.length > 0 && blocks.join('') === pem, `cas/${name}.pem is missing, empty or holds more than certificates`);
    for (const block of blocks) check(read(join(folder, 'certs.pem')).includes(`${block}\n`), `certs.pem lacks a CA of ${name}`);
    const subject = () => run('openssl', ['x509', '-in', path, '-noout', '-subject']);
    judge('openssl', () => new RegExp(`CN ?= ?${quoted(name)}(,|\n|$)`, 'm').test(subject()), `cas/${name}.pem is not of ${name}`);
    const form = new RegExp(`^@cert-authority ${quoted(profile)},${quoted(name)},\\*\\.${quoted(name)} \\S+ \\S+ type=host$`);
    check(
      lines.some((line) => form.test(line)),
      `known_hosts has no host CA of ${name}`,
    );
    judge(
      'ssh-keygen',
      () => / CA$/m.test(run('ssh-keygen', ['-F', `node.${name}`, '-f', knownHosts])),
      `OpenSSH finds no CA for ${name} in known_hosts`,
    );
  }
}

function isSecret(path: string, folder: string, user: string): boolean {
  if (!path.startsWith(folder)) return basename(path) === 'known_hosts';
  return dirname(path) === join(folder, `${user}-ssh`) || (dirname(path) === folder && basename(path) !== 'certs.pem');
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

const quoted = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

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
