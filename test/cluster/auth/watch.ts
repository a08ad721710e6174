import { proto } from '../../../proto/gen/teleport.js';
import type { RequestChange } from '../state/access-requests.ts';
import { stage } from './access-request-methods.ts';
import { requireCaller } from './caller.ts';
import { denied } from './errors.ts';
import type { Method } from './methods.ts';

const watchable = new Set([
  'access_request',
  'node',
  'db_server',
  'app_server',
  'kube_server',
  'windows_desktop',
  'cert_authority',
  'remote_cluster',
  'headless_authentication',
]);
const { PUT, DELETE } = proto.Operation;

/** WatchEvents: the INIT event with the kinds that were granted, then changes of access requests until the client leaves (login-and-auth §7.10). */
export function watchMethod(): Method {
  return {
    path: '/proto.AuthService/WatchEvents',
    streams: true,
    run: async (bytes, context, send) => {
      const { Kinds, AllowPartialSuccess } = proto.Watch.decode(bytes);
      const kinds = Kinds.map(({ Kind }) => Kind ?? '');
      requireCaller(context);
      if (kinds.length === 0) throw denied("can't setup global watch");
      const refused = kinds.find((kind) => !watchable.has(kind));
      if (refused !== undefined && !AllowPartialSuccess) throw denied(`access denied to perform action "read" on "${refused}"`);
      const granted = kinds.filter((kind) => watchable.has(kind));
      const post = (event: proto.IEvent) => send(proto.Event.encode(event).finish());
      const { faults } = context.cluster.requests;
      const stop = granted.includes('access_request')
        ? ((at) => at.book.watch(at.viewer, (change) => tell(change, faults.stream, post)))(stage(context))
        : () => undefined;
      post(init(granted));
      try {
        await new Promise<void>((resolve) => {
          context.signal.addEventListener('abort', () => resolve(), { once: true });
          faults.onDrop(resolve, context.signal);
        });
      } finally {
        stop();
      }
    },
  };
}

function tell(change: RequestChange, fault: 'stall' | 'repeat' | null, post: (event: proto.IEvent) => void): void {
  if (fault === 'stall') return;
  const { request } = change;
  const event: proto.IEvent =
    change.type === 'put'
      ? { Type: PUT, AccessRequest: request }
      : { Type: DELETE, ResourceHeader: { Kind: 'access_request', Version: 'v3', Metadata: { Name: change.id, Namespace: 'default' } } };
  post(event);
  if (fault !== 'repeat') return;
  // The same again, and then how it was before its last review: what a server sends that starts over from an old place.
  post(event);
  post({ Type: PUT, AccessRequest: { ...request, Spec: { ...request.Spec, State: 1, Reviews: [] } } });
}

function init(kinds: readonly string[]): proto.IEvent {
  const Spec = { Kinds: kinds.map((Kind) => ({ Kind })) };
  return { WatchStatus: { Kind: 'watch_status', Version: 'v1', Metadata: { Name: 'watch-status', Namespace: 'default' }, Spec } };
}
