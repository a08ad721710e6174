import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { MfaQuestion } from '../../teleport/auth/target-api.ts';

export interface DialTarget {
  /** What TransportService is asked to dial; the port is 0 unless one was typed. */
  hostPort: string;
  /** The name that must be in the host certificate: the part of `hostPort` before the port. */
  principal: string;
}

/**
 * The dial target of a node's UUID, or of what was typed in quick connect: `host`, `host:port`, an IPv6 address
 * (ssh-and-gateways §1.4).
 */
export function dialTarget(node: string): DialTarget {
  const text = node.trim();
  const match =
    /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]\s/@]+))(?::(\d{1,5}))?$/.exec(text) ?? /^()([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)()$/.exec(text);
  const host = match?.[1] || match?.[2];
  const port = Number(match?.[3] || 0);
  if (!host || port > 65_535 || /[\p{Cc}\p{Cf}]/u.test(host)) {
    throw new AppError('bad-address', 'This is no server address. Write it like host or host:port.');
  }
  return { hostPort: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, principal: host };
}

/** The question whether a session on a server wants a second factor, for the cluster that owns the server. */
export function serverMfaQuestion({ node, login }: SshTarget): MfaQuestion {
  return { Node: { Node: dialTarget(node).principal, Login: login } };
}

/** How a server is reached through the proxy of the cluster `root`, whose name TransportService is found by, and what its own certificate must name. */
export function serverRoute({ node, leaf }: SshTarget, root: string) {
  const { hostPort, principal } = dialTarget(node);
  return {
    servername: `${Buffer.from(root).toString('hex')}.teleport.cluster.local`,
    dial: { hostPort, cluster: leaf || root },
    hostPrincipal: principal,
  };
}
