import { windowsWord } from '../lib/shell-words.ts';

/** One login as OpenSSH needs it. Paths are absolute. */
export interface SshConfigLogin {
  /** Root first, then leaves. */
  clusters: readonly string[];
  /** Servers whose names have capital letters, and the names in their certificates that have none. */
  servers: readonly { host: string; alias: string }[];
  proxyHost: string;
  /** host:port of the proxy. */
  proxy: string;
  knownHosts: string;
  identity: string;
  certificate: string;
}

/** A value in double quotes, as ssh_config(5) reads it, with its percent tokens taken literally. Backslashes would escape there; Windows takes slashes too. */
const quoted = (text: string, platform: NodeJS.Platform) => {
  if (/["\n\r\0]/.test(text)) throw new Error('a path with quotes or line ends cannot stand in an SSH configuration');
  return `"${(platform === 'win32' ? text.replaceAll('\\', '/') : text).replaceAll('%', '%%')}"`;
};
/** A word of the proxy command, which a shell runs, but for Windows, where OpenSSH starts it itself. */
const word = (text: string, platform: NodeJS.Platform) =>
  (platform === 'win32' ? windowsWord(text) : `'${text.replaceAll("'", `'\\''`)}'`).replaceAll('%', '%%');
/** Cluster names become patterns: what has a meaning there is left out of the export. */
export const isPlainName = (name: string): boolean => /^[A-Za-z0-9._-]+$/.test(name);

/**
 * Blocks for `~/.ssh/config` that let OpenSSH, VS Code and JetBrains reach servers as `host.cluster` through the running app (tsh-profile §4). `command`
 * begins the command line of `slipway`.
 */
export function sshConfig(command: readonly string[], logins: readonly SshConfigLogin[], platform: NodeJS.Platform = process.platform): string {
  const blocks = logins.flatMap(({ clusters, servers, proxyHost, proxy, knownHosts, identity, certificate }) =>
    clusters.filter(isPlainName).map((name) => {
      const keys = [
        `    UserKnownHostsFile ${quoted(knownHosts, platform)}`,
        `    IdentityFile ${quoted(identity, platform)}`,
        `    CertificateFile ${quoted(certificate, platform)}`,
      ];
      const routing = [
        '    Port 3022',
        `    ProxyCommand ${[...command, 'proxy', 'ssh', `--cluster=${name}`, `--proxy=${proxy}`].map((one) => word(one, platform)).join(' ')} %r@%h:%p`,
      ];
      return [
        `# ${name} through ${proxy}`,
        `Host *.${name} ${isPlainName(proxyHost) ? proxyHost : ''}`.trimEnd(),
        ...keys,
        '',
        `Host *.${name}${isPlainName(proxyHost) ? ` !${proxyHost}` : ''}`,
        ...routing,
        '',
        // Servers with an alias have a HostName in a block above this one.
        `Match host *.${name} !originalhost *.${name}`,
        ...keys,
        ...routing,
        '',
      ].join('\n');
    }),
  );
  const aliases = logins
    .flatMap(({ servers }) => servers)
    .filter(({ host, alias }) => isPlainName(host) && isPlainName(alias))
    .map(({ host, alias }) => `Match host ${host},${host.toLowerCase()}\n    HostKeyAlias ${alias}\n`);
  return ['# Begin of Slipway’s servers', ...aliases, ...blocks, '# End of Slipway’s servers', ''].join('\n');
}
