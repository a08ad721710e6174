import { SettingsSection } from '../../ui/settings-section.tsx';
import { ChoiceSetting } from './controls.tsx';
import type { SettingsAccess } from './use-settings-access.ts';

const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** `zooms`: false in a browser, which has its own zoom. */
export function Appearance({ values, isManaged, change, zooms }: SettingsAccess & { zooms: boolean }) {
  const sizes = steps.includes(values.zoom) ? steps : [...steps, values.zoom].sort((a, b) => a - b);
  return (
    <SettingsSection title="Appearance">
      <ChoiceSetting
        name="theme"
        label="Theme"
        managed={isManaged('theme')}
        value={values.theme}
        onChange={(theme) => change({ theme })}
        choices={[
          ['system', 'Same as the system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
      />
      {zooms && (
        <ChoiceSetting
          name="zoom"
          label="Zoom"
          help="Of the whole window. The terminal's own text size is below."
          managed={isManaged('zoom')}
          value={String(values.zoom)}
          onChange={(zoom) => change({ zoom: Number(zoom) })}
          choices={sizes.map((size) => [String(size), `${Math.round(size * 100)} %`] as const)}
        />
      )}
    </SettingsSection>
  );
}
