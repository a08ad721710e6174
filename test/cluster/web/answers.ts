import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSince } from '../versions.ts';

/** An error of the web API: its status and the one sentence it says (login-and-auth §1.1). */
export class WebError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const headers = { 'x-content-type-options': 'nosniff', 'strict-transport-security': 'max-age=31536000; includeSubDomains' };
const uncached = { 'cache-control': 'no-cache, no-store, must-revalidate' };
const bodyLimit = 1_000_000;

export function sendJson(response: ServerResponse, status: number, value: unknown, cached = false): void {
  const text = JSON.stringify(value, null, status === 200 ? undefined : 4);
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    ...(cached ? {} : uncached),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export function sendText(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type, ...headers, ...uncached, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Any unknown route, and a known one by the wrong method. */
export function sendNotFound(response: ServerResponse, version: string): void {
  if (!isSince(version, 17)) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).end('404 page not found\n');
    return;
  }
  const [, major, minor, patch, preRelease] = /^(\d+)\.(\d+)\.(\d+)(?:-(.+))?$/.exec(version) ?? [];
  sendJson(
    response,
    404,
    {
      error: { message: 'path not found' },
      fields: { proxyVersion: { major: Number(major), minor: Number(minor), patch: Number(patch), preRelease: preRelease ?? '', string: version } },
    },
    true,
  );
}

/** The JSON object of a POST. Errors are worded as Go's decoder words them. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new WebError(400, 'invalid request');
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bodyLimit) throw new WebError(429, 'the read limit is reached');
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WebError(400, `request: ${text.trim() === '' ? 'EOF' : 'unexpected end of JSON input'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WebError(400, `request: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value`);
  return value as Record<string, unknown>;
}

/** A text field; absent and null are ''. */
export function text(body: Record<string, unknown>, key: string): string {
  const value = body[key] ?? '';
  if (typeof value !== 'string')
    throw new WebError(400, `request: json: cannot unmarshal ${typeof value} into Go struct field .${key} of type string`);
  return value;
}
