import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { connectionOriginSchema, connectionsSchema, forwardSchema, openConnectionSchema, portSchema } from '../model/gateway.ts';

const connection = z.object({ id: z.string().min(1).max(100) });

/** Gateways and forwards at local addresses. */
export const localPortsCalls = {
  /**
   * Opens a gateway or forward, and resolves when it listens. If there is one for the same target already (a forward: for the same
   * server and ports), that is returned, and opened if it was closed. The row exists even when this fails. `conflict` with `port`
   * and `suggestion` when the port is taken.
   */
  'connections.open': call(openConnectionSchema, z.object({ id: z.string() })),
  /** Opens a closed or failed row again. With `port` it moves there first. */
  'connections.reopen': call(connection.extend({ origin: connectionOriginSchema, port: portSchema.nullable().default(null) }), nothing),
  /** Ends the listener and all connections through it; the row stays. */
  'connections.close': call(connection, nothing),
  /** Closes the row and forgets it with its port. */
  'connections.remove': call(connection, nothing),
  /** The new listener is opened first: if that fails, everything stays as it was (`conflict` with `port` and `suggestion`). Open connections end. */
  'connections.change-port': call(connection.extend({ port: portSchema }), nothing),
  /** Name of the database for commands and URL only. */
  'connections.change-database': call(connection.extend({ database: z.string().max(256) }), nothing),
  'connections.change-namespace': call(connection.extend({ namespace: z.string().max(253) }), nothing),
  /** Another port of a TCP app; open connections end. */
  'connections.change-target-port': call(connection.extend({ targetPort: portSchema }), nothing),
  /** Changes the addresses of a saved forward, or whether it opens with a terminal. An open one is opened again. */
  'connections.change-forward': call(connection.extend({ forward: forwardSchema, withTerminal: z.boolean() }), nothing),
  /** Puts the context of a Kubernetes gateway into the person's own kubeconfig, or takes it out; the rest of that file stays as it is. */
  'connections.merge-kubeconfig': call(connection.extend({ merged: z.boolean() }), nothing),
  /** Whether a web app or MCP server asks for a token: a new one from now on, or none. */
  'connections.change-token': call(connection.extend({ wanted: z.boolean() }), nothing),
  /** Starts a program out of the row's `openIn`. */
  'connections.open-in': call(connection.extend({ program: z.string().max(100) }), nothing),
};

export const localPortsTopics = {
  connections: topic(connectionsSchema),
};
