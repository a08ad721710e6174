import { teleport } from '../../../proto/gen/teleport.js';
import { isSince } from '../versions.ts';
import { requireCaller } from './caller.ts';
import { type CallContext, empty, type Method, unary } from './methods.ts';

const defaults = {
  cluster_preferences: { pinned_resources: {} },
  unified_resource_preferences: { default_tab: 1, view_mode: 1, labels_view_mode: 2, available_resource_mode: 4 },
};

/** Ids a person pinned on this cluster. */
export function pinsOf({ cluster }: CallContext, name: string): readonly string[] {
  return cluster.preferences.get(name)?.cluster_preferences?.pinned_resources?.resource_ids ?? [];
}

/** Preferences as they are stored and read back; what was left out in an upsert falls back to the defaults (login-and-auth §7.8). */
export function preferenceMethods(version: string): Method[] {
  const { v1 } = teleport.userpreferences;
  const service = '/teleport.userpreferences.v1.UserPreferencesService';
  return [
    unary(`${service}/GetUserPreferences`, v1.GetUserPreferencesRequest, v1.GetUserPreferencesResponse, (_request, context) => ({
      preferences: { ...defaults, ...context.cluster.preferences.get(requireCaller(context).name) },
    })),
    unary(`${service}/UpsertUserPreferences`, v1.UpsertUserPreferencesRequest, empty, (request, context) => {
      const { theme, cluster_preferences, unified_resource_preferences, keyboard_layout } = request.preferences ?? {};
      // Teleport 14.0 knows neither pins nor views, and keeps what is not sent.
      const first = !isSince(version, 14, 1);
      const stored = first ? { theme } : { theme, cluster_preferences, unified_resource_preferences, keyboard_layout };
      const { name } = requireCaller(context);
      const sent = Object.fromEntries(Object.entries(stored).filter(([, value]) => value));
      context.cluster.preferences.set(name, first ? { ...context.cluster.preferences.get(name), ...sent } : sent);
      return {};
    }),
  ];
}
