import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';

const id = z.number().int().min(1);

/** One step of a topic's change: sets, or without a value deletes, the field at `path`. */
export const patchOperationSchema = z.object({
  path: z.array(z.union([z.string(), z.number().int()])),
  value: z.unknown().optional(),
  remove: z.boolean().optional(),
});
export type PatchOperation = z.infer<typeof patchOperationSchema>;

/** Everything that crosses a port. Ids are chosen by the client, one sequence for calls, streams and subscriptions. */
export const wireMessageSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id, name: z.string(), input: z.unknown() }),
  z.object({ t: z.literal('cancel'), id }),
  z.object({ t: z.literal('result'), id, value: z.unknown() }),
  z.object({ t: z.literal('error'), id, error: errorDataSchema }),
  z.object({ t: z.literal('open'), id, name: z.string(), params: z.unknown() }),
  z.object({ t: z.literal('data'), id, bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),
  z.object({ t: z.literal('credit'), id, bytes: z.number().int().min(1) }),
  z.object({ t: z.literal('message'), id, body: z.unknown() }),
  z.object({ t: z.literal('end'), id, error: errorDataSchema.nullable() }),
  z.object({ t: z.literal('subscribe'), id, name: z.string() }),
  z.object({ t: z.literal('unsubscribe'), id }),
  z.object({ t: z.literal('snapshot'), id, version: z.number().int(), value: z.unknown() }),
  z.object({ t: z.literal('patch'), id, version: z.number().int(), operations: z.array(patchOperationSchema) }),
]);
export type WireMessage = z.infer<typeof wireMessageSchema>;

/** A two-way message pipe: an Electron port, a WebSocket, or a pair of functions in a test. */
export interface Port {
  post(message: WireMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
