/** One login as OpenSSH needs it. Paths are absolute. */
export interface SshConfigLogin {
  /** Root first, then leaves. */
  clusters: readonly string[];
  proxyHost: string;
  /** host:port of the proxy. */
  proxy: string;
  knownHosts: string;
  identity: string;
  certificate: string;
}

/** A value in double quotes, as ssh_config(5) reads it, with its percent tokens taken literally. */
const quoted = (text: string) => {
  if (/["\n\r\0]/.test(text)) throw new Error('a path with quotes or line ends cannot stand in an SSH configuration');
  return `"${text.replaceAll('%', '%%')}"`;
};
/** A word for the shell that runs the proxy command. */
const word = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`.replaceAll('%', '%%');
/** Cluster names become patterns: what has a meaning there is left out of the export. */
const isPlain = (name: string) => /^[A-Za-z0-9._-]+$/.test(name);

/**
 * Blocks for `~/.ssh/config` that let OpenSSH, VS Code and JetBrains reach servers as `host.cluster` through the running app (tsh-profile §4). `command`
 * begins the command line of `slipway`.
 */
export function sshConfig(command: readonly string[], logins: readonly SshConfigLogin[]): string {
  const blocks = logins.flatMap(({ clusters, proxyHost, proxy, knownHosts, identity, certificate }) =>
    clusters.filter(isPlain).map((name) => {
      const keys = [
        `    UserKnownHostsFile ${quoted(knownHosts)}`,
        `    IdentityFile ${quoted(identity)}`,
        `    CertificateFile ${quoted(certificate)}`,
      ];
      const way = [
        '    Port 3022',
        `    ProxyCommand ${[...command, 'proxy', 'ssh', `--cluster=${name}`, `--proxy=${proxy}`].map(word).join(' ')} %r@%h:%p`,
      ];
      return [
        `# ${name} through ${proxy}`,
        `Host *.${name} ${isPlain(proxyHost) ? proxyHost : ''}`.trimEnd(),
        ...keys,
        '',
        `Host *.${name}${isPlain(proxyHost) ? ` !${proxyHost}` : ''}`,
        ...way,
        '',
        // Names of one's own, whose HostName stands above this block.
        `Match host *.${name} !originalhost *.${name}`,
        ...keys,
        ...way,
        '',
      ].join('\n');
    }),
  );
  return ['# Begin of Slipway’s servers', ...blocks, '# End of Slipway’s servers', ''].join('\n');
}
