import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { settingsSchema } from '../../shared/settings/settings.ts';
import { isJsonObject, type JsonObject, loadJson } from '../lib/json-file.ts';
import { leaves, lookUp } from '../lib/merge.ts';
import { salvage } from '../lib/salvage.ts';

export interface ManagedSettings {
  /** The fixed fields, in the shape of the settings. */
  fixed: JsonObject;
  /** Their dotted names. */
  names: string[];
  problems: string[];
}

/**
 * Where an administrator's file is on this platform. `SLIPWAY_MANAGED_FILE` names another one for tests, if there is none in the
 * usual place.
 */
export function managedSettingsPath(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  const path = systemPath(platform, env);
  return existsSync(path) ? path : (env.SLIPWAY_MANAGED_FILE ?? path);
}

function systemPath(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  if (platform === 'darwin') return '/Library/Application Support/Slipway/managed.json';
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Slipway', 'managed.json');
  return '/etc/slipway/managed.json';
}

/**
 * Reads the administrator's file: the fields in it win over the person's and cannot be changed. When it is there but
 * cannot be read, usage events are off, since it may have been there to forbid them.
 */
export function readManagedSettings(path: string): ManagedSettings {
  const loaded = loadJson(path, 1024 * 1024);
  if (loaded.state === 'missing') return { fixed: {}, names: [], problems: [] };
  const { version: _, ...content } = loaded.state === 'good' ? loaded.content : {};
  const salvaged = loaded.state === 'good' ? salvage(settingsSchema, content) : null;
  if (!salvaged) {
    const reason = loaded.state === 'bad' ? loaded.reason : 'nothing in it fits';
    return {
      fixed: { telemetry: { consent: 'declined' } },
      names: ['telemetry.consent'],
      problems: [
        `The administrator's settings in ${path} could not be read (${reason}). Usage events stay off until they can; tell your administrator.`,
      ],
    };
  }
  const problems = salvaged.dropped.map(
    (dropped) => `The administrator's settings in ${path} have a field that cannot be used: ${dropped}. It has no effect; tell your administrator.`,
  );
  const fixed = { ...salvaged.remaining };
  if (salvaged.value.telemetry.consent === 'allowed')
    problems.push(`The administrator's settings in ${path} allow usage events. Only you can allow them; this has no effect.`);
  const { consent, ...telemetry }: JsonObject = isJsonObject(fixed.telemetry) ? fixed.telemetry : {};
  // A value that was meant to forbid usage events but cannot be read forbids them.
  const off = consent === 'declined' || salvaged.dropped.some((dropped) => dropped.startsWith('telemetry'));
  if (off || 'telemetry' in fixed) fixed.telemetry = { ...telemetry, ...(off ? { consent: 'declined' } : {}) };
  const names = leaves(fixed)
    .map(({ name }) => name)
    .filter((name) => name === 'telemetry.consent' || lookUp(salvaged.value, name) !== undefined);
  return { fixed, names, problems };
}
