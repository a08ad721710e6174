import * as z from 'zod';
import { deadline } from '../../lib/deadline.ts';
import { cleanText } from '../connect/clean-text.ts';
import { addressOf } from '../connect/proxy-route.ts';
import { dialWay } from '../connect/tls.ts';
import { connectionError, timeoutError } from '../connect/tls-errors.ts';
import { badResponse, exchange } from '../web/web-request.ts';
import { type AuthRoute, connectAuth } from './auth-route.ts';

const timeout = 15_000;
const answerSchema = z.object({ spec: z.object({ cluster_name: z.string(), cluster_id: z.string() }) });

/** A cluster's name and id from an auth server that tells the id in its HTTP API only, as those before 18 do (login-and-auth §7.2). Failures are AppErrors. */
export async function clusterNameOverHttp(route: AuthRoute, caller?: AbortSignal): Promise<{ name: string; id: string | null }> {
  const { host, port } = route;
  const address = addressOf(route);
  const { signal, done } = deadline(caller, timeout, () => timeoutError(address));
  try {
    const socket = await connectAuth(await dialWay(host, port, signal), route, signal, 'http/1.1');
    try {
      const { status, body } = await exchange(socket, address, { method: 'GET', path: '/v2/configuration/name' }, signal);
      if (status !== 200) throw badResponse(address, `has the status ${status}`);
      const { spec } = answerSchema.parse(JSON.parse(body.toString()));
      return { name: cleanText(spec.cluster_name), id: cleanText(spec.cluster_id, 100) || null };
    } finally {
      socket.destroy();
    }
  } catch (error) {
    throw connectionError(signal.aborted ? signal.reason : error, address);
  } finally {
    done();
  }
}
