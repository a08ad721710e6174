import { AppError } from '../../../shared/errors/app-error.ts';
import { formatAddress, parseAddress } from '../connect/address.ts';
import { type Ping, WebApi } from './webapi.ts';

/** Ports of a proxy whose address was typed without one, the likelier first. */
const usualPorts = [443, 3080];

/**
 * Finds the proxy behind a typed address. Without a port it tries 443 and 3080 at once and takes the first that is a Teleport
 * proxy. When neither is, the most telling failure is thrown; `untrusted-certificate` carries the `address` it belongs to.
 */
export async function findProxy(
  typed: string,
  options: { trustedFingerprint?: string | null; signal?: AbortSignal } = {},
): Promise<{ address: string; ping: Ping }> {
  const { host, port } = parseAddress(typed);
  const others = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, others.signal]) : others.signal;
  const failures: AppError[] = [];
  const attempts = (port === null ? usualPorts : [port]).map(async (candidate) => {
    const address = formatAddress(host, candidate);
    try {
      const ping = await new WebApi({ address, trust: options.trustedFingerprint ?? null }).ping(signal);
      return { address, ping };
    } catch (error) {
      failures.push(AppError.from(error));
      throw error;
    }
  });
  try {
    return await Promise.any(attempts);
  } catch {
    throw mostTelling(failures);
  } finally {
    others.abort();
  }
}

const telling = [
  'cancelled',
  'untrusted-certificate',
  'rate-limited',
  'bad-response',
  'not-a-proxy',
  'unsupported',
  'wrong-port',
  'name-not-resolved',
  'timeout',
  'unreachable',
];

function mostTelling(failures: readonly AppError[]): AppError {
  const rank = (error: AppError) => (telling.includes(error.code) ? telling.indexOf(error.code) : telling.length);
  return failures.reduce((best, error) => (rank(error) < rank(best) ? error : best));
}
