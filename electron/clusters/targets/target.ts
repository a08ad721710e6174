/*
 * The kinds of targets. Each kind has one file that knows everything about it on main's side: how it is found in the cluster,
 * whether it wants a second factor, for what its certificate is issued, by which ALPN names and server names the proxy routes to
 * it, and what a person can choose in its menu. `find-target.ts` lists the kinds; a new kind is a line there and a file beside it.
 */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { GatewayTarget } from '../../../shared/model/gateway.ts';
import type { GatewayTicket } from '../../host-contract/ticket.ts';
import type { AuthClient } from '../../teleport/auth/auth-client.ts';
import type { CertificateUse, MfaQuestion } from '../../teleport/auth/target-api.ts';
import type { LoginRoute, TargetRoute } from './route.ts';

/** A target that the cluster knows, and all that a connection to it needs. */
export interface FoundTarget {
  /** The question whether a connection wants a second factor, for the cluster that owns the target; null where it never does. */
  readonly mfaQuestion: MfaQuestion | null;
  /** For which use the certificate is issued. `root` is the client of the cluster that issues it. */
  certificateUse(root: AuthClient, signal: AbortSignal): Promise<CertificateUse>;
  readonly route: TargetRoute;
  /** See `GatewayTicket`. */
  readonly protocol: string;
  readonly targetPorts: GatewayTicket['targetPorts'];
}

/**
 * A kind of target behind gateways. `find` throws `not-found` when the target does not exist, and `unsupported` when no local port
 * can lead to it.
 */
export interface GatewayKind<Wanted extends GatewayTarget> {
  /** `client` belongs to the cluster that owns the target. */
  find(wanted: Wanted, route: LoginRoute, client: AuthClient, signal: AbortSignal): Promise<FoundTarget>;
}

/** Where a menu's question goes. `leaf` is empty for the root. */
export interface Named {
  readonly cluster: string;
  readonly leaf: string;
  readonly name: string;
}

export function missing(what: string, name: string): AppError {
  return new AppError('not-found', `There is no ${what} ${name} on this cluster, or you may not use it any more.`);
}
