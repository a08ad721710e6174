import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';

declare const anonymized: unique symbol;
/** A name's hash. Nothing but this module makes one, so a plain name does not fit where this is asked for. */
export type Anonymized = string & { readonly [anonymized]: true };

/** What a hash looks like: 32 bytes in standard base64 with padding. For reading back what was written earlier. */
export const anonymizedSchema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/)
  .transform((text) => text as Anonymized);

const uuid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const clusterId = new RegExp(`^(?:${uuid}|urn:uuid:${uuid}|\\{${uuid}\\}|[0-9a-fA-F]{32})$`, 'i');

/**
 * The hash of a cluster's or person's name: HMAC-SHA-256 under the text of the auth cluster's id exactly as received, in
 * base64 (docs/protocol/telemetry.md §5). Any name will do, the empty one too. Throws `invalid-argument` for an id that is no UUID.
 */
export function anonymize(authClusterId: string, name: string): Anonymized {
  if (!clusterId.test(authClusterId))
    throw new AppError('invalid-argument', 'The cluster did not tell a proper id, so names in usage events cannot be hidden and no event is made.');
  return createHmac('sha256', authClusterId).update(name, 'utf8').digest('base64') as Anonymized;
}
