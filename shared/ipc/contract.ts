import * as z from 'zod';
import {
  accessRequestDetailSchema,
  accessRequestSchema,
  basketChangeSchema,
  dryRunSchema,
  requestCapabilitiesSchema,
  requestDraftSchema,
  requestNoticeSchema,
  requestPageSchema,
  requestQuerySchema,
  requestsOverviewSchema,
  resourceIdSchema,
} from '../model/access-request.ts';
import { authSettingsSchema, clusterKeySchema, clusterSchema } from '../model/cluster.ts';
import { sshTargetSchema, workspaceSchema } from '../model/document.ts';
import {
  conflictAnswerSchema,
  editedFilesSchema,
  enqueueTransferSchema,
  fileEntrySchema,
  fileKindSchema,
  filePathSchema,
  listFolderDownSchema,
  listFolderSchema,
  placeSchema,
  textFileSchema,
  transferActionSchema,
  transfersSchema,
  treeCountSchema,
} from '../model/files.ts';
import {
  appOptionsSchema,
  connectionOriginSchema,
  connectionsSchema,
  databaseOptionsSchema,
  forwardSchema,
  openConnectionSchema,
  portSchema,
} from '../model/gateway.ts';
import { resourcePageSchema, resourceQuerySchema } from '../model/resource.ts';
import { recordedEventsSchema, telemetryStateSchema } from '../model/telemetry.ts';
import { openTerminalSchema, terminalDownSchema, terminalUpSchema } from '../model/terminal.ts';
import { settingsPatchSchema, settingsSchema } from '../settings/settings.ts';
import { type Contract, call, stream, topic } from './define.ts';

const nothing = z.null();
const cluster = z.object({ key: clusterKeySchema });
const accessRequest = z.object({ cluster: clusterKeySchema, id: z.string().min(1).max(100) });
const connection = z.object({ id: z.string().min(1).max(100) });
const namedResource = z.object({ cluster: clusterKeySchema, leaf: z.string().max(300), name: z.string().min(1).max(1024) });
const requestIds = z.array(z.string().min(1).max(100)).min(1).max(100);
/** 4096 bytes at most; the service counts them. */
const reason = z.string().max(20_000).default('');

/** What the renderer may ask of main, and what main tells it. */
export const mainContract = {
  calls: {
    /** Where the app runs; asked once at start. */
    'app.info': call(
      nothing,
      z.object({
        version: z.string(),
        platform: z.enum(['darwin', 'win32', 'linux', 'other']),
        host: z.enum(['electron', 'browser']),
        electron: z.string(),
        node: z.string(),
        logsFolder: z.string(),
        screenReader: z.boolean(),
        homeFolder: z.string(),
      }),
    ),
    /** Opens the folder with the logs in the OS's file manager; in the browser host only its path is returned. */
    'app.open-logs': call(nothing, z.object({ folder: z.string() })),
    /** Opens the local copy of an edited remote file, and nothing else, in a text editor. `unsupported` where that is the person's to do: in the browser host. */
    'app.open-editor': call(z.object({ path: filePathSchema }), nothing),
    /** Lets the person choose a folder of this computer, from `path` on; null when they do not. `unsupported` in the browser host. */
    'app.choose-folder': call(z.object({ path: filePathSchema }), z.object({ path: filePathSchema.nullable() })),
    /** While a drag begins in the page: the OS drags these files of this computer in its place. `unsupported` in the browser host. */
    'app.drag-out': call(z.object({ paths: z.array(filePathSchema.min(1)).min(1).max(10_000) }), nothing),
    /** Opens a web address in the person's browser. */
    'app.open-link': call(z.object({ url: z.string().max(8192) }), nothing),
    'app.diagnostics': call(nothing, z.object({ steps: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) })),

    /** Finds the proxy behind a typed address and remembers it. `untrusted-certificate` errors carry `fingerprint`, `subject`, `issuer`, `validFrom`, `validTo`. */
    'clusters.add': call(z.object({ address: z.string().max(2048) }), z.object({ key: clusterKeySchema })),
    /** The person's decision to trust the web certificate with this fingerprint for this proxy, and nothing else. */
    'clusters.trust': call(z.object({ address: z.string().max(2048), fingerprint: z.string().max(200) }), nothing),
    'clusters.auth-settings': call(cluster, authSettingsSchema),
    /** First half of a local login: password. The answer says what second factor is wanted. */
    'clusters.login-begin': call(
      z.object({ key: clusterKeySchema, user: z.string().min(1).max(512), password: z.string().min(1).max(4096) }),
      z.object({ attempt: z.string(), totp: z.boolean(), webauthn: z.boolean(), none: z.boolean() }),
    ),
    /** Second half. Returns the key of the login, which differs from the one asked with when the user did. */
    'clusters.login-finish': call(z.object({ attempt: z.string(), totp: z.string().max(16) }), z.object({ key: clusterKeySchema })),
    'clusters.refresh': call(cluster, nothing),
    'clusters.logout': call(cluster, nothing),
    'clusters.forget': call(cluster, nothing),

    'resources.list': call(resourceQuerySchema, resourcePageSchema),
    /** `not-found` when there is no such database, or it may not be seen. */
    'resources.database-options': call(namedResource, databaseOptionsSchema),
    'resources.app-options': call(namedResource, appOptionsSchema),

    /** From main's own copy, which follows the cluster. */
    'requests.list': call(requestQuerySchema, requestPageSchema),
    /** Asks the cluster. `not-found` when the request is gone. */
    'requests.get': call(accessRequest, accessRequestDetailSchema),
    /** Reads the list anew. */
    'requests.refresh': call(z.object({ cluster: clusterKeySchema }), nothing),
    /** `resources`: to learn which roles reach them. */
    'requests.capabilities': call(
      z.object({ cluster: clusterKeySchema, resources: z.array(resourceIdSchema).max(300).default([]) }),
      requestCapabilitiesSchema,
    ),
    /** Namespaces of a Kubernetes cluster that this person has or could ask for, the first that match; null where the cluster does not tell. */
    'requests.namespaces': call(
      z.object({ cluster: clusterKeySchema, kube: resourceIdSchema, search: z.string().max(1000).default('') }),
      z.array(z.string()).nullable(),
    ),
    /** Stores nothing; the reason may still be empty. */
    'requests.dry-run': call(z.object({ cluster: clusterKeySchema, draft: requestDraftSchema }), dryRunSchema),
    'requests.create': call(z.object({ cluster: clusterKeySchema, draft: requestDraftSchema }), accessRequestSchema),
    /** `assumeStart`: another start than the one asked for; null leaves it. Refusals carry the server's words. */
    'requests.review': call(
      accessRequest.extend({ decision: z.enum(['approve', 'deny']), reason, assumeStart: z.number().nullable().default(null) }),
      accessRequestSchema,
    ),
    /** Long-term access by an access list out of `promotions`. */
    'requests.promote': call(accessRequest.extend({ accessList: z.string().min(1).max(1024), reason }), accessRequestSchema),
    /** Withdraws it, where the cluster allows that. */
    'requests.delete': call(accessRequest, nothing),
    /** Takes the access of approved requests beside what is assumed already. Resolves when the new certificate was read back. */
    'requests.assume': call(z.object({ cluster: clusterKeySchema, ids: requestIds }), nothing),
    /** `ids: null` gives all assumed access back. */
    'requests.drop': call(z.object({ cluster: clusterKeySchema, ids: requestIds.nullable() }), nothing),
    'requests.basket': call(basketChangeSchema, nothing),

    /** The block that lets OpenSSH reach servers through the running app. `expired` when nobody is logged in anywhere. */
    'ssh.config': call(nothing, z.object({ text: z.string() })),
    /** Where the SSH agent listens while the setting `ssh.agent` is on. */
    'ssh.agent-socket': call(nothing, z.object({ path: z.string() })),

    'settings.update': call(settingsPatchSchema, nothing),
    'workspace.load': call(nothing, workspaceSchema),
    'workspace.save': call(workspaceSchema, nothing),

    /** The person's answer. `later` decides nothing: the question is put away until the next start. */
    'telemetry.decide': call(z.object({ answer: z.enum(['allow', 'decline', 'later']) }), nothing),
    /** `role: null` is a skip, remembered like an answer. */
    'telemetry.job-role': call(z.object({ role: z.string().trim().min(1).max(100).nullable() }), nothing),
    /** An app was opened in the browser by its link. */
    'telemetry.app-opened': call(z.object({ cluster: clusterKeySchema, origin: connectionOriginSchema }), nothing),
    /** The encoded event in hexadecimal; null when its installation id is gone. */
    'telemetry.bytes': call(z.object({ id: z.string().max(64) }), z.object({ hex: z.string().nullable() })),
    /** Everything the page shows, as the text of a JSON file. */
    'telemetry.export': call(nothing, z.object({ json: z.string() })),
    /** Waiting events are dropped unsent, and the history is erased. */
    'telemetry.delete-all': call(nothing, nothing),
  },
  streams: {},
  topics: {
    clusters: topic(z.array(clusterSchema)),
    /** By cluster key; clusters that somebody is logged in to. */
    requests: topic(z.record(clusterKeySchema, requestsOverviewSchema)),
    /** The latest notices, oldest first. Electron shows them itself; in the browser host the page does. */
    'request-notices': topic(z.array(requestNoticeSchema)),
    telemetry: topic(telemetryStateSchema),
    /** Every event of this installation, by id: waiting ones and as many settled ones as are kept. */
    'telemetry-events': topic(recordedEventsSchema),
    /** `problems`: sentences about a settings file that could not be read in full. `managed`: dotted names of settings an administrator fixed. */
    settings: topic(z.object({ values: settingsSchema, problems: z.array(z.string()), managed: z.array(z.string()) })),
    /** Whether the operating system says that a screen reader is in use; it may be started at any time. */
    'screen-reader': topic(z.boolean()),
    /** Commands that come from menus, deep links or the OS; `serial` grows with each. */
    commands: topic(z.object({ serial: z.number().int(), command: z.string(), argument: z.string() })),
  },
} satisfies Contract;

/** What the renderer may ask of the session host: everything that carries bytes. */
export const sessionContract = {
  calls: {
    /** Turns what was typed into an absolute path: empty is the home folder, `~/x` is below it, relative ones are below `base`. `not-found` when nothing is there. */
    'files.resolve': call(
      z.object({ place: placeSchema, path: filePathSchema, base: filePathSchema.default('') }),
      z.object({ path: filePathSchema, kind: fileKindSchema }),
    ),
    /** Folders and files whose paths begin with what was typed, absolute, folders with a slash behind them. */
    'files.complete': call(
      z.object({ place: placeSchema, path: filePathSchema, base: filePathSchema.default('') }),
      z.object({ paths: z.array(filePathSchema).max(50) }),
    ),
    /** The entry itself; a link is not followed. */
    'files.stat': call(z.object({ place: placeSchema, path: filePathSchema }), fileEntrySchema),
    /** `conflict` when something of that name is there. */
    'files.make-folder': call(z.object({ place: placeSchema, path: filePathSchema }), nothing),
    /** Also moves within one side. `conflict` when something stands at `to`, unless `replace`. */
    'files.rename': call(z.object({ place: placeSchema, from: filePathSchema, to: filePathSchema, replace: z.boolean().default(false) }), nothing),
    'files.count': call(z.object({ place: placeSchema, paths: z.array(filePathSchema).max(100_000) }), treeCountSchema),
    /** Removes files and whole folders. `entries` is what the person was shown: files, folders, links and others together. More than that by now is a `conflict`. */
    'files.delete': call(
      z.object({ place: placeSchema, paths: z.array(filePathSchema).max(100_000), entries: z.number().int() }),
      z.object({ removed: z.number().int() }),
    ),
    'files.change-mode': call(
      z.object({
        place: placeSchema,
        paths: z.array(filePathSchema).max(100_000),
        mode: z.number().int().min(0).max(0o7777),
        recursive: z.boolean().default(false),
      }),
      z.object({ changed: z.number().int() }),
    ),
    'files.read-text': call(
      z.object({
        place: placeSchema,
        path: filePathSchema,
        limit: z
          .number()
          .int()
          .min(1)
          .max(4 * 1024 * 1024)
          .default(1024 * 1024),
      }),
      textFileSchema,
    ),

    /** One transfer of all its sources. Returns when it stands in the queue. */
    'transfers.enqueue': call(enqueueTransferSchema, z.object({ id: z.string() })),
    /** `cancel` removes what was half written, `remove` takes finished ones out of the list. Ids that are gone or that the action does not fit are left alone. */
    'transfers.act': call(z.object({ ids: z.array(z.string()).max(100_000), action: transferActionSchema }), nothing),
    /** Moves transfers before another one, or to the end. */
    'transfers.move': call(z.object({ ids: z.array(z.string()).max(100_000), before: z.string().nullable() }), nothing),
    /** `forAll` answers for the rest of this transfer too. */
    'transfers.answer': call(z.object({ id: z.string(), answer: conflictAnswerSchema, forAll: z.boolean() }), nothing),
    'transfers.limit': call(z.object({ perHost: z.number().int().min(1).max(8) }), nothing),

    /** Fetches a remote file for a local editor and watches the copy; saving it there saves it on the server. */
    'edits.open': call(z.object({ target: sshTargetSchema, path: filePathSchema }), z.object({ id: z.string(), localPath: z.string() })),
    'edits.settle': call(z.object({ id: z.string(), answer: z.enum(['overwrite', 'discard', 'retry']) }), nothing),
    /** Forgets it and removes the local copy. */
    'edits.close': call(z.object({ id: z.string() }), nothing),

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
  },
  streams: {
    /** A folder, piece by piece. */
    'files.list': stream(listFolderSchema, nothing, listFolderDownSchema),
    terminal: stream(openTerminalSchema, terminalUpSchema, terminalDownSchema),
  },
  topics: {
    transfers: topic(transfersSchema),
    edits: topic(editedFilesSchema),
    connections: topic(connectionsSchema),
  },
} satisfies Contract;

export type MainContract = typeof mainContract;
export type SessionContract = typeof sessionContract;
