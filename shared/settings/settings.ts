import * as z from 'zod';

const terminalFields = {
  fontFamily: z.string().max(200),
  fontSize: z.number().int().min(6).max(72),
  scrollback: z.number().int().min(0).max(200_000),
  copyOnSelect: z.boolean(),
  rightClick: z.enum(['menu', 'paste', 'copy-paste']),
  /** `auto` measures: GPU where GL is hardware, DOM otherwise. */
  renderer: z.enum(['auto', 'gpu', 'dom']),
  /** `auto` follows the operating system's accessibility state. */
  screenReader: z.enum(['auto', 'on', 'off']),
  confirmClose: z.boolean(),
  shell: z.string().max(1000),
};

const sshFields = {
  /** An SSH agent with the certificates of all logins, for other programs. */
  agent: z.boolean(),
};

const profileFields = { useTshHome: z.boolean() };

/** The settings file. Every field has a default; unknown keys of a newer version are kept when the file is written. */
export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  zoom: z.number().min(0.5).max(3).default(1),
  terminal: z
    .object({
      fontFamily: terminalFields.fontFamily.default(''),
      fontSize: terminalFields.fontSize.default(14),
      scrollback: terminalFields.scrollback.default(5000),
      copyOnSelect: terminalFields.copyOnSelect.default(false),
      rightClick: terminalFields.rightClick.default('menu'),
      renderer: terminalFields.renderer.default('auto'),
      screenReader: terminalFields.screenReader.default('auto'),
      confirmClose: terminalFields.confirmClose.default(true),
      shell: terminalFields.shell.default(''),
    })
    .prefault({}),
  profiles: z.object({ useTshHome: profileFields.useTshHome.default(false) }).prefault({}),
  ssh: z.object({ agent: sshFields.agent.default(false) }).prefault({}),
  telemetry: z
    .object({
      /** Absent until the person has answered. */
      consent: z.enum(['allowed', 'declined']).optional(),
      collector: z.string().max(2000).default(''),
      /** The job role question was answered or skipped. */
      jobRoleAsked: z.boolean().default(false),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

/** A change to the settings: only the fields that change. No defaults here, or a patch would set what it does not name. */
export const settingsPatchSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  zoom: z.number().min(0.5).max(3).optional(),
  terminal: z.object(terminalFields).partial().optional(),
  profiles: z.object(profileFields).partial().optional(),
  ssh: z.object(sshFields).partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
