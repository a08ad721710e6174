import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { clusterKeySchema } from './cluster.ts';
import { originSchema, sshTargetSchema } from './document.ts';

/** Why a connection was opened; telemetry only. */
export const connectionOriginSchema = originSchema;
export type ConnectionOrigin = z.infer<typeof connectionOriginSchema>;

const resource = {
  cluster: clusterKeySchema,
  /** Leaf cluster's name, or empty for the root. */
  leaf: z.string().max(300),
  /** Teleport's own name of the resource. */
  name: z.string().min(1).max(1024),
};

export const portSchema = z.number().int().min(1).max(65_535);

export const databaseTargetSchema = z.object({
  kind: z.literal('database'),
  ...resource,
  /** Empty only where the protocol takes a default (Redis). */
  user: z.string().max(512),
});
export const kubeTargetSchema = z.object({ kind: z.literal('kube'), ...resource });
export const appTargetSchema = z.object({
  kind: z.literal('app'),
  ...resource,
  /** The port behind a TCP app with several of them; null for its first one and for all other apps. */
  targetPort: portSchema.nullable(),
});

/** What a gateway leads to: a database as one of its users, a Kubernetes cluster, an app (also an MCP server over HTTP). */
export const gatewayTargetSchema = z.discriminatedUnion('kind', [databaseTargetSchema, kubeTargetSchema, appTargetSchema]);
export type GatewayTarget = z.infer<typeof gatewayTargetSchema>;
export type DatabaseTarget = z.infer<typeof databaseTargetSchema>;
export type KubeTarget = z.infer<typeof kubeTargetSchema>;
export type AppTarget = z.infer<typeof appTargetSchema>;

const hostAndPort = z.object({ host: z.string().min(1).max(255), port: portSchema });

/**
 * A port forward over SSH. `local`: a port here leads to `to` as the server sees it. `remote`: the server listens on `listen` (port 0: it chooses) and
 * leads to `to` as seen from here. `dynamic`: a SOCKS5 proxy here, whose connections start at the server.
 */
export const forwardSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('local'), to: hostAndPort }),
  z.object({
    type: z.literal('remote'),
    listen: z.object({ host: z.string().max(255), port: z.number().int().min(0).max(65_535) }),
    to: hostAndPort,
  }),
  z.object({ type: z.literal('dynamic') }),
]);
export type Forward = z.infer<typeof forwardSchema>;

export const forwardTargetSchema = z.object({
  kind: z.literal('forward'),
  server: sshTargetSchema,
  forward: forwardSchema,
  /** Opened whenever a terminal on this server is. */
  withTerminal: z.boolean(),
});
export type ForwardTarget = z.infer<typeof forwardTargetSchema>;

/** The terminals on one server with one login; their rows only show that they are open, or were. */
export const terminalTargetSchema = z.object({ kind: z.literal('ssh'), server: sshTargetSchema });

export const openConnectionSchema = z.object({
  target: z.discriminatedUnion('kind', [...gatewayTargetSchema.options, forwardTargetSchema]),
  /** Wanted local port; null takes the one it had before, or any free one. Without meaning for remote forwards. */
  port: portSchema.nullable().default(null),
  origin: connectionOriginSchema,
});
export type OpenConnection = z.input<typeof openConnectionSchema>;

/** A command line for this connection, ready to be run as it stands. */
export const clientCommandSchema = z.object({
  /** Name of the program, as it is found on the PATH. */
  program: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  /** The whole of it for a POSIX shell, quoted. */
  text: z.string(),
  /** Whether the program is on the PATH. */
  installed: z.boolean(),
  /** What to install when it is not: a sentence; empty when it is there. */
  advice: z.string(),
  /** False for commands that only show the shape of one, to be completed by the person. */
  runnable: z.boolean(),
});
export type ClientCommand = z.infer<typeof clientCommandSchema>;

/** `closed`: was open once; `opening`; `open`: it listens; `failed`: it should be open and is not, see `error`. */
export const connectionStateSchema = z.enum(['closed', 'opening', 'open', 'failed']);

export const connectionRowSchema = z.object({
  id: z.string(),
  target: z.discriminatedUnion('kind', [...gatewayTargetSchema.options, forwardTargetSchema, terminalTargetSchema]),
  /** One line for a list: `orders as alice`, `web:443 through bastion`. */
  title: z.string(),
  state: connectionStateSchema,
  /** What kind of thing is behind it: a database's protocol, `http`, `tcp`, `mcp`, `kube`, `local`, `remote`, `dynamic`, `ssh`. Empty until it was open once. */
  protocol: z.string(),
  /** The remembered port. For remote forwards the port on the server. Null until it was open once. */
  port: portSchema.nullable(),
  /** `127.0.0.1:5432`, ready to be copied; empty while closed. */
  address: z.string(),
  /** For programs: `postgres://…`, `http://…`, `socks5h://…`; empty where there is none. */
  url: z.string(),
  /** Variables for programs in a terminal tab of this connection: KUBECONFIG and the like. */
  env: z.record(z.string(), z.string()),
  /** The best command first. Empty for apps that have none. */
  commands: z.array(clientCommandSchema),
  /** Programs with windows found on this computer that can be opened on it. */
  openIn: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Bytes since it was opened: `sent` towards the target. */
  bytes: z.object({ sent: z.number(), received: z.number() }),
  /** Connections through it now, and since it was opened. For `ssh` rows: its open terminals. */
  clients: z.number().int(),
  totalClients: z.number().int(),
  /**
   * Why it is not open, or why the last connection through it failed; cleared by the next connection that works. `expired` needs a
   * login, `session-mfa` a second factor. `conflict` with `details.suggestion`: the port is taken, and this one is free.
   */
  error: errorDataSchema.nullable(),
  /** What a program at the port waits for; main asks the person for it (shared/model/question.ts). The program goes on by itself afterwards. */
  wants: z.literal('login').nullable(),
  /** Notes for people: settings of the client program, and what does not work here. */
  notes: z.array(z.string()),
  /** End of the certificate that it uses now; null when it has none. */
  expires: z.number().nullable(),
  /** Database name for the command and URL; empty when none was chosen. Null where there is no such thing. */
  database: z.string().nullable(),
  /** Whether requests have to carry a token, which `url` then holds. Null where there is no such thing: only web apps and MCP servers. */
  token: z.boolean().nullable(),
  /** Ports of a TCP app with several; empty otherwise. */
  targetPorts: z.array(z.object({ port: portSchema, endPort: portSchema })),
  kube: z
    .object({
      /** The kubeconfig written for it; the file is there while it is open. */
      kubeconfig: z.string(),
      context: z.string(),
      /** Default namespace for kubectl; empty for the cluster's own. */
      namespace: z.string(),
      /** The person's own kubeconfig holds this context too, by their choice. */
      merged: z.boolean(),
      /** Path of the person's own kubeconfig. */
      ownKubeconfig: z.string(),
    })
    .nullable(),
  createdAt: z.number(),
  openedAt: z.number().nullable(),
});
export type ConnectionRow = z.infer<typeof connectionRowSchema>;

/** By id, so that a change is a small patch. Lists sort it: open ones first, then the newest first. */
export const connectionsSchema = z.object({
  rows: z.record(z.string(), connectionRowSchema),
  /** A sentence when the saved list could not be read in full. */
  problem: z.string().nullable(),
});
export type Connections = z.infer<typeof connectionsSchema>;

/** What a database offers to the person who wants to connect to it. */
export const databaseOptionsSchema = z.object({
  protocol: z.string(),
  /** Users that the person's roles allow, sorted. */
  users: z.array(z.string()),
  /** Any other user may be typed. */
  anyUser: z.boolean(),
  /** The user may be left empty (Redis: `default`). */
  optionalUser: z.boolean(),
  /** The database makes a user for the person by itself; `users` holds that one. */
  autoUser: z.boolean(),
  /** Database names that the roles allow; empty where the protocol does not ask for one. */
  databases: z.array(z.string()),
  anyDatabase: z.boolean(),
  /** A sentence when this database cannot be opened here. */
  problem: z.string().nullable(),
});
export type DatabaseOptions = z.infer<typeof databaseOptionsSchema>;

/** `http`: a web app; `aws`: the console or Identity Center; `cloud`: another provider's API; `saml`: a login by the proxy's identity provider. */
export const appClassSchema = z.enum(['http', 'tcp', 'mcp', 'aws', 'cloud', 'saml']);
export type AppClass = z.infer<typeof appClassSchema>;

/** Ways to open an app. All addresses are https links of the proxy, for `app.open-link`. */
export const appOptionsSchema = z.object({
  kind: appClassSchema,
  /** A local address can be set up (`connections.open`). */
  gateway: z.boolean(),
  /** Opens it in the browser, through the proxy's web UI; empty where that takes a role or is not possible. */
  launchUrl: z.string(),
  /** Roles or permission sets of AWS apps, each with its link. */
  awsRoles: z.array(z.object({ name: z.string(), arn: z.string(), account: z.string(), launchUrl: z.string() })),
  targetPorts: z.array(z.object({ port: portSchema, endPort: portSchema })),
  /** A sentence when it can only be used from the command line, or not at all. */
  problem: z.string().nullable(),
});
export type AppOptions = z.infer<typeof appOptionsSchema>;
