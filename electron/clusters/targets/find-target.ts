import type { GatewayTarget } from '../../../shared/model/gateway.ts';
import type { AuthClient } from '../../teleport/auth/auth-client.ts';
import { appKind } from './app.ts';
import { databaseKind } from './database.ts';
import { kubeKind } from './kube.ts';
import type { LoginRoute } from './route.ts';
import type { FoundTarget, GatewayKind } from './target.ts';

type Kind = GatewayTarget['kind'];
type Wanted = { [K in Kind]: Extract<GatewayTarget, { kind: K }> };

/** The kinds of targets behind gateways: another kind is another line here, and a file of its own. */
const kinds: { readonly [K in Kind]: GatewayKind<Wanted[K]> } = { database: databaseKind, kube: kubeKind, app: appKind };

/** See `GatewayKind.find`. */
export function findTarget<K extends Kind>(
  kind: K,
  wanted: Wanted[K],
  route: LoginRoute,
  client: AuthClient,
  signal: AbortSignal,
): Promise<FoundTarget> {
  return kinds[kind].find(wanted, route, client, signal);
}
