import { AppError } from '../../../shared/errors/app-error.ts';
import type { GatewayTarget } from '../../../shared/model/gateway.ts';
import type { GatewayTicket } from '../../host-contract/ticket.ts';
import type { AuthClient } from '../../teleport/auth/auth-client.ts';
import type { CertificateUse, MfaQuestion } from '../../teleport/auth/target-api.ts';
import type { LoginRoute, TargetRoute } from './route.ts';

/** A target that the cluster knows, and all that a connection to it needs. */
export interface FoundTarget {
  /** Asked of the cluster that owns the target; null where it never wants a second factor of its own. */
  readonly mfaQuestion: MfaQuestion | null;
  /** What the certificate is for. `root` is the client of the cluster that makes it. */
  certificateUse(root: AuthClient, signal: AbortSignal): Promise<CertificateUse>;
  readonly route: TargetRoute;
  /** See `GatewayTicket`. */
  readonly protocol: string;
  readonly targetPorts: GatewayTicket['targetPorts'];
}

/** A kind of target behind gateways. `find` throws `not-found` when it is not there, `unsupported` when no local port can lead to it. */
export interface GatewayKind<Wanted extends GatewayTarget> {
  /** `client` is that of the cluster that owns it. */
  find(wanted: Wanted, route: LoginRoute, client: AuthClient, signal: AbortSignal): Promise<FoundTarget>;
}

/** Where a menu's question is asked. `leaf` is empty for the root. */
export interface Named {
  readonly cluster: string;
  readonly leaf: string;
  readonly name: string;
}

export function missing(what: string, name: string): AppError {
  return new AppError('not-found', `There is no ${what} ${name} on this cluster, or you may not use it any more.`);
}
