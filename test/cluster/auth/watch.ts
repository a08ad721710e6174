import protobuf from 'protobufjs/minimal.js';
import { requireCaller } from './caller.ts';
import { denied } from './errors.ts';
import { type Method, serverStream } from './methods.ts';

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

/** WatchEvents: the INIT event with the kinds that were granted, then silence until the client leaves (login-and-auth §7.10). */
export function watchMethod(): Method {
  return serverStream(
    '/proto.AuthService/WatchEvents',
    { decode: decodeWatch },
    { encode: encodeInit },
    (request, context) => {
      requireCaller(context);
      if (request.kinds.length === 0) throw denied("can't setup global watch");
      const refused = request.kinds.find((kind) => !watchable.has(kind));
      if (refused !== undefined && !request.partial) throw denied(`access denied to perform action "read" on "${refused}"`);
      return [request.kinds.filter((kind) => watchable.has(kind))];
    },
    true,
  );
}

/** Watch: kinds 1 rep {kind 1}, allow_partial_success 2. */
function decodeWatch(bytes: Uint8Array): { kinds: string[]; partial: boolean } {
  const reader = protobuf.Reader.create(bytes);
  const watch = { kinds: [] as string[], partial: false };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) watch.kinds.push(decodeKind(reader.bytes()));
    else if (tag === 16) watch.partial = reader.bool();
    else reader.skipType(tag & 7);
  }
  return watch;
}

function decodeKind(bytes: Uint8Array): string {
  const reader = protobuf.Reader.create(bytes);
  let kind = '';
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) kind = reader.string();
    else reader.skipType(tag & 7);
  }
  return kind;
}

/** Event {watch_status 43 {kind 1, version 3, metadata 4 {name 1, namespace 2}, spec 5 {kinds 1 rep {kind 1}}}}; type INIT is the absent zero. */
function encodeInit(kinds: readonly string[]) {
  const writer = protobuf.Writer.create();
  writer.uint32(346).fork();
  writer.uint32(10).string('watch_status').uint32(26).string('v1');
  writer.uint32(34).fork().uint32(10).string('watch-status').uint32(18).string('default').ldelim();
  writer.uint32(42).fork();
  for (const kind of kinds) writer.uint32(10).fork().uint32(10).string(kind).ldelim();
  writer.ldelim();
  return writer.ldelim();
}
