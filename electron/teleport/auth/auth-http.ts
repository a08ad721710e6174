import * as z from 'zod';
import { deadline } from '../../lib/deadline.ts';
import { cleanText } from '../connect/clean-text.ts';
import { addressOf } from '../connect/proxy-route.ts';
import { dialThroughProxy } from '../connect/tls.ts';
import { connectionError, timeoutError } from '../connect/tls-errors.ts';
import { badResponse, exchange } from '../web/web-request.ts';
import { type AuthRoute, connectAuth } from './auth-route.ts';

/** One small answer; opening the connection is most of it. */
const timeoutMs = 15_000;
const nameSchema = z.object({ spec: z.object({ cluster_name: z.string(), cluster_id: z.string() }) });
const leavesSchema = z.array(
  z.object({ metadata: z.object({ name: z.string() }), status: z.object({ connection: z.string().optional() }).optional() }),
);

/** A cluster's name and id from an auth server that tells the id in its HTTP API only, as those before 18 do (login-and-auth §7.2). Failures are AppErrors. */
export async function clusterNameOverHttp(route: AuthRoute, caller?: AbortSignal): Promise<{ name: string; id: string | null }> {
  const { spec } = await ask(route, '/v2/configuration/name', nameSchema, caller);
  return { name: cleanText(spec.cluster_name), id: cleanText(spec.cluster_id, 100) || null };
}

/**
 * The leaves that this person may enter, from an auth server before 16, which lists them in its HTTP API only
 * (docs/protocol/versions.md §3). Failures are AppErrors.
 */
export async function remoteClustersOverHttp(route: AuthRoute, caller?: AbortSignal): Promise<{ name: string; online: boolean }[]> {
  const leaves = await ask(route, '/v2/remoteclusters', leavesSchema, caller);
  return leaves.map(({ metadata, status }) => ({ name: cleanText(metadata.name), online: status?.connection === 'online' }));
}

async function ask<T>(route: AuthRoute, path: string, schema: z.ZodType<T>, caller?: AbortSignal): Promise<T> {
  const { host, port } = route;
  const address = addressOf(route);
  const { signal, done } = deadline(caller, timeoutMs, () => timeoutError(address));
  try {
    const socket = await connectAuth(await dialThroughProxy(host, port, signal), route, signal, 'http/1.1');
    try {
      const { status, body } = await exchange(socket, address, { method: 'GET', path }, signal);
      if (status !== 200) throw badResponse(address, `has the status ${status}`);
      return schema.parse(JSON.parse(body.toString()));
    } finally {
      socket.destroy();
    }
  } catch (error) {
    throw connectionError(signal.aborted ? signal.reason : error, address);
  } finally {
    done();
  }
}
