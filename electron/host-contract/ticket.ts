/*
 * The contract between main and the session host. Main has the logins and the person; the session host has the connections. So the
 * session host asks main for a ticket per connection, reports what it opened (for usage events) and what failed in the background,
 * and subscribes to `access` to learn when connections have to end.
 */
import * as z from 'zod';
import { errorDataSchema } from '../../shared/errors/app-error.ts';
import { type Contract, call, topic } from '../../shared/ipc/define.ts';
import { sshTargetSchema } from '../../shared/model/document.ts';
import { gatewayTargetSchema } from '../../shared/model/gateway.ts';

/** teleport/connect/proxy-route.ts says what each field means. */
const proxyRouteSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  upgrade: z.boolean(),
  version: z.string(),
  trustedFingerprint: z.string().nullable(),
});

/**
 * All that the session host needs for one SSH connection. Made by main for each connection attempt, held in memory
 * only, never logged, never shown to the renderer.
 */
export const sshTicketSchema = z.object({
  /** Equal for tabs that may share a connection: same server, login and certificate. */
  connectionKey: z.string(),
  proxy: proxyRouteSchema,
  /** mTLS to TransportService: ALPN is always `teleport-proxy-ssh-grpc`, `h2` (ssh-and-gateways §1.2). PEM texts. */
  tls: z.object({ servername: z.string(), ca: z.array(z.string()), cert: z.string(), key: z.string() }),
  dial: z.object({ hostPort: z.string(), cluster: z.string() }),
  login: z.string(),
  /** OpenSSH certificate as an authorized_keys line, and its private key (PEM, OpenSSH or PKCS#1/8). */
  certificate: z.string(),
  privateKey: z.string(),
  /** authorized_keys lines of the host CAs that may have signed this host's certificate. */
  hostCas: z.array(z.string()),
  /** The name that must be among the host certificate's principals: the part of `dial.hostPort` before the port. */
  hostPrincipal: z.string(),
  /** What is told when the server wants a proof of the second factor in the middle of the login. */
  proofRefusal: errorDataSchema,
});
export type SshTicket = z.infer<typeof sshTicketSchema>;

/**
 * All that the session host needs to reach one database, app or Kubernetes cluster until `expires`. Made by main with a key of its own for each; held
 * in memory only, never logged, never shown to the renderer.
 */
export const gatewayTicketSchema = z.object({
  proxy: proxyRouteSchema,
  /** PEM texts. `ca` is null where the proxy shows its web certificate, which the system's roots or the trusted fingerprint vouch for. */
  tls: z.object({ servername: z.string(), alpn: z.array(z.string()), ca: z.array(z.string()).nullable(), cert: z.string(), key: z.string() }),
  /** End of the certificate, milliseconds since the epoch. */
  expires: z.number(),
  /** Access requests whose roles it carries. */
  requests: z.array(z.string()),
  /** Database protocol; `http`, `tcp` or `mcp` for apps; `kube`. */
  protocol: z.string(),
  /** Name of the cluster that owns the target. */
  owner: z.string(),
  targetPorts: z.array(z.object({ port: z.number(), endPort: z.number() })),
});
export type GatewayTicket = z.infer<typeof gatewayTicketSchema>;

/** What the session host asks of main, over a port of their own. */
export const ticketContract = {
  calls: {
    'ticket.ssh': call(sshTargetSchema, sshTicketSchema),
    /** Issues a new key each time. */
    'ticket.gateway': call(gatewayTargetSchema, gatewayTicketSchema),
    /**
     * Asks the person to log in, because a program waits for it at a local port. Resolves when they logged in or declined. `reason`
     * goes on after “Log in”.
     */
    'login.ask': call(z.object({ cluster: z.string(), reason: z.string() }), z.null()),
    /** A certificate was refused before its end. Main makes its own connections anew, to learn whether the login is over. */
    'ticket.expired': call(z.object({ cluster: z.string() }), z.null()),
    /** A session was established. Only this call reports the use of a protocol. */
    'session.opened': call(z.object({ cluster: z.string(), protocol: z.enum(['ssh', 'db', 'kube', 'app']), origin: z.string() }), z.null()),
    /**
     * Work in the background failed, or works again (`error: null`). Main counts it together with its own. `error.message` has all
     * that is known.
     */
    'background.report': call(z.object({ what: z.string().max(200), cluster: z.string().max(1024), error: errorDataSchema.nullable() }), z.null()),
    /** A person started a transfer of files. Only this call reports transfers. */
    'transfer.started': call(z.object({ cluster: z.string(), upload: z.boolean() }), z.null()),
  },
  streams: {},
  topics: {
    /**
     * By cluster key: whether there is access now, until when, and by which requests. `certificate` changes with each certificate
     * of the login; `names` are those of the cluster and its leaves, which logs must not contain. A missing key means no access.
     */
    access: topic(
      z.record(
        z.string(),
        z.object({
          signedIn: z.boolean(),
          expires: z.number().nullable(),
          requests: z.array(z.string()),
          certificate: z.number().int(),
          names: z.array(z.string()),
        }),
      ),
    ),
  },
} satisfies Contract;
export type TicketContract = typeof ticketContract;
