import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../vectors/', import.meta.url);

export interface WebExchange {
  readonly title?: string;
  readonly request: { method: string; path: string; headers: Record<string, string>; json?: unknown; body_text?: string };
  readonly response: { status: number; headers: Record<string, string>; json?: unknown; body_text?: string };
}

export interface RpcExchange {
  readonly title?: string;
  readonly request: { rpc: string; protobuf_base64: string };
  readonly response: {
    grpc_status: number;
    grpc_message: string;
    protobuf_base64?: string;
    decoded?: Record<string, unknown>;
    messages?: { protobuf_base64: string; decoded: unknown }[];
  };
}

/** A recorded exchange of test/vectors/auth, or of `<folder>/<name>` there, by its file's name without `.json`. */
export function readVector<Kind>(name: string): Kind {
  return JSON.parse(readFileSync(new URL(`${name.includes('/') ? name : `auth/${name}`}.json`, folder), 'utf8')) as Kind;
}

/** The names of the exchanges recorded with a server of this age. */
export function versionVectors(age: '14' | '16'): string[] {
  return readdirSync(new URL(`versions/${age}/`, folder)).map((file) => `versions/${age}/${file.slice(0, -5)}`);
}

export function vectorNames(prefix: string): string[] {
  const names = readdirSync(new URL('auth/', folder))
    .filter((file) => file.startsWith(prefix) && file.endsWith('.json'))
    .map((file) => file.slice(0, -5));
  if (names.length === 0) throw new Error(`no recorded exchange begins with ${prefix}`);
  return names;
}

/** All exchanges of a file, be it one or several steps. */
export function exchangesOf<Exchange>(name: string): Exchange[] {
  const vector = readVector<Exchange & { steps?: Exchange[] }>(name);
  return vector.steps ?? [vector];
}
