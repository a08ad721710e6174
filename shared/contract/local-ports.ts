import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { connectionOriginSchema, connectionsSchema, forwardSchema, openConnectionSchema, portSchema } from '../model/gateway.ts';

const connection = z.object({ id: z.string().min(1).max(100) });

/** Gateways and forwards at local addresses. */
export const localPortsCalls = {
  /**
   * Opens a gateway or forward, and resolves when it listens. What is there already for the same target (a forward: for the same server and ports) is
   * returned, and opened if it was closed. The row is there even when this fails. `conflict` with `port` and `suggestion` when the port is taken.
   */
  'connections.open': call(openConnectionSchema, z.object({ id: z.string() })),
  /** Opens a closed or failed row again. With `port` it moves there first. */
  'connections.reopen': call(connection.extend({ origin: connectionOriginSchema, port: portSchema.nullable().default(null) }), nothing),
  /** Ends the listener and all that goes through it; the row stays. */
  'connections.close': call(connection, nothing),
  /** Closes it and forgets it with its port. */
  'connections.remove': call(connection, nothing),
  /** The new listener is opened first: if that fails, everything stays as it was (`conflict` with `port` and `suggestion`). Open connections end. */
  'connections.change-port': call(connection.extend({ port: portSchema }), nothing),
  /** Name of the database for commands and URL only. */
  'connections.change-database': call(connection.extend({ database: z.string().max(256) }), nothing),
  'connections.change-namespace': call(connection.extend({ namespace: z.string().max(253) }), nothing),
  /** Another port of a TCP app; connections that are open end. */
  'connections.change-target-port': call(connection.extend({ targetPort: portSchema }), nothing),
  /** Another way or another wish for the tab of a saved forward. An open one is opened anew. */
  'connections.change-forward': call(connection.extend({ forward: forwardSchema, withTerminal: z.boolean() }), nothing),
  /** Puts the context of a Kubernetes gateway into the person's own kubeconfig, or takes it out; the rest of that file stays as it is. */
  'connections.merge-kubeconfig': call(connection.extend({ merged: z.boolean() }), nothing),
  /** A web app or MCP server asks for a token from now on, a new one, or no longer. */
  'connections.change-token': call(connection.extend({ wanted: z.boolean() }), nothing),
  /** Starts a program out of the row's `openIn`. */
  'connections.open-in': call(connection.extend({ program: z.string().max(100) }), nothing),
};

export const localPortsTopics = {
  connections: topic(connectionsSchema),
};
