import { proto, types } from '../../../proto/gen/teleport.js';
import type { RequestChange } from '../state/access-requests.ts';
import { mayDo } from '../state/roles.ts';
import { fieldsOfVersion, stage } from './access-request-methods.ts';
import { type Caller, requireCaller } from './caller.ts';
import { denied, invalid } from './errors.ts';
import type { Method } from './methods.ts';

/** Kinds that everybody may watch. */
const open = new Set([
  'node',
  'db_server',
  'app_server',
  'kube_server',
  'windows_desktop',
  'cert_authority',
  'remote_cluster',
  'headless_authentication',
]);
/** Kinds that no server watches. */
const unwatched = new Set(['session_tracker']);
const requestFilters = new Set(['id', 'user', 'state']);
const { PUT, DELETE } = proto.Operation;

/** WatchEvents: the INIT event with the kinds that were granted, then changes of access requests until the client leaves (login-and-auth §7.10). */
export function watchMethod(version: string): Method {
  return {
    path: '/proto.AuthService/WatchEvents',
    streams: true,
    run: async (bytes, context, send) => {
      const { Kinds, AllowPartialSuccess } = proto.Watch.decode(bytes);
      const caller = requireCaller(context);
      if (Kinds.length === 0) throw denied("can't setup global watch");
      const refused = Kinds.find((kind) => !mayWatch(caller, kind));
      if (refused && !AllowPartialSuccess) throw denied(`access denied to perform action "read" on "${refused.Kind}"`);
      const granted = Kinds.filter((kind) => mayWatch(caller, kind));
      const unsupported = granted.find(({ Kind }) => unwatched.has(Kind ?? ''));
      if (unsupported) throw invalid(`cache "auth" does not support watching resource "${unsupported.Kind}"`);
      const post = (event: proto.IEvent) => send(proto.Event.encode(event).finish());
      const { faults } = context.cluster.requests;
      const stops = granted
        .filter(({ Kind }) => Kind === 'access_request')
        .map(({ Filter }) => {
          const { book, viewer } = stage(context);
          return book.watch(
            viewer,
            (change) => fits(Filter ?? {}, change) && tell({ ...change, request: fieldsOfVersion(change.request, version) }, faults.stream, post),
          );
        });
      post(init(granted));
      try {
        await new Promise<void>((resolve) => {
          context.signal.addEventListener('abort', () => resolve(), { once: true });
          faults.onDrop(resolve, context.signal);
        });
      } finally {
        for (const stop of stops) stop();
      }
    },
  };
}

/**
 * Everybody may watch their own requests; those of others may be watched with a rule that allows reading them
 * (docs/protocol/versions.md §6).
 */
function mayWatch(caller: Caller, { Kind, Filter }: proto.IWatchKind): boolean {
  const kind = Kind ?? '';
  if (kind !== 'access_request') return open.has(kind) || mayDo(caller.access.roles, 'read', kind);
  const unsupported = Object.keys(Filter ?? {}).find((key) => !requestFilters.has(key));
  if (unsupported) throw invalid(`access requests cannot be filtered by "${unsupported}"`);
  return Filter?.['user'] === caller.name || mayDo(caller.access.roles, 'read', kind);
}

function fits(filter: Record<string, string>, { request: { Metadata, Spec } }: RequestChange): boolean {
  const { id, user, state } = filter;
  return (!id || id === Metadata.Name) && (!user || user === Spec.User) && (!state || state === types.RequestState[Spec.State ?? 0]);
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
  // Sends the event again, and then the request as it was before its last review, like a server that starts over from an old
  // position.
  post(event);
  post({ Type: PUT, AccessRequest: { ...request, Spec: { ...request.Spec, State: 1, Reviews: [] } } });
}

function init(kinds: proto.IWatchKind[]): proto.IEvent {
  const Spec = { Kinds: kinds };
  return { WatchStatus: { Kind: 'watch_status', Version: 'v1', Metadata: { Name: 'watch-status', Namespace: 'default' }, Spec } };
}
