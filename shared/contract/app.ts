import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { backgroundFailureSchema } from '../model/diagnostics.ts';
import { filePathSchema } from '../model/files.ts';
import { workspaceSchema } from '../model/workspace.ts';
import { settingsPatchSchema, settingsSchema } from '../settings/settings.ts';

/** The app itself: where it runs, its settings, its saved tabs, commands from outside the page. */
export const appCalls = {
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
  /** Called when a drag begins in the page: the OS then drags these files of this computer. `unsupported` in the browser host. */
  'app.drag-out': call(z.object({ paths: z.array(filePathSchema.min(1)).min(1).max(10_000) }), nothing),
  /** Opens a web address in the person's browser. */
  'app.open-link': call(z.object({ url: z.string().max(8192) }), nothing),
  'app.diagnostics': call(nothing, z.object({ steps: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) })),
  /** The block that lets OpenSSH reach servers through the running app. `expired` when nobody is logged in anywhere. */
  'ssh.config': call(nothing, z.object({ text: z.string() })),
  /** Where the SSH agent listens while the setting `ssh.agent` is on. */
  'ssh.agent-socket': call(nothing, z.object({ path: z.string() })),
  'settings.update': call(settingsPatchSchema, nothing),
  'workspace.load': call(nothing, workspaceSchema),
  'workspace.save': call(workspaceSchema, nothing),
};

export const appTopics = {
  /** `problems`: sentences about a settings file that could not be read in full. `managed`: dotted names of settings an administrator fixed. */
  settings: topic(z.object({ values: settingsSchema, problems: z.array(z.string()), managed: z.array(z.string()) })),
  /** Whether the operating system says that a screen reader is in use; it may be started at any time. */
  'screen-reader': topic(z.boolean()),
  /** Work in the background that has failed since the start, the latest first. */
  background: topic(z.array(backgroundFailureSchema)),
  /** Commands from menus, deep links or the OS; `serial` grows with each. */
  commands: topic(z.object({ serial: z.number().int(), command: z.string(), argument: z.string() })),
};
