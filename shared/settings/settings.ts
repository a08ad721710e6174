import { z } from 'zod';

/** The settings file. Every field has a default; unknown keys of a newer version are kept when the file is written. */
export const settingsSchema = z.object({
  version: z.literal(1).default(1),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  zoom: z.number().min(0.5).max(3).default(1),
  terminal: z
    .object({
      fontFamily: z.string().max(200).default(''),
      fontSize: z.number().int().min(6).max(72).default(14),
      scrollback: z.number().int().min(0).max(200_000).default(5000),
      copyOnSelect: z.boolean().default(false),
      rightClick: z.enum(['menu', 'paste', 'copy-paste']).default('menu'),
      /** `auto` measures: GPU where GL is hardware, DOM otherwise. */
      renderer: z.enum(['auto', 'gpu', 'dom']).default('auto'),
      /** `auto` follows the operating system's accessibility state. */
      screenReader: z.enum(['auto', 'on', 'off']).default('auto'),
      confirmClose: z.boolean().default(true),
      shell: z.string().max(1000).default(''),
    })
    .prefault({}),
  profiles: z.object({ useTshHome: z.boolean().default(false) }).prefault({}),
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

/** A change to the settings: only the fields that change. */
export const settingsPatchSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  zoom: z.number().min(0.5).max(3).optional(),
  terminal: settingsSchema.shape.terminal.unwrap().partial().optional(),
  profiles: settingsSchema.shape.profiles.unwrap().partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
