import { ChoiceSetting } from './controls.tsx';
import { Section } from './section.tsx';
import type { SettingsAccess } from './use-settings-access.ts';

const zooms = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export function Appearance({ values, isManaged, change }: SettingsAccess) {
  const sizes = zooms.includes(values.zoom) ? zooms : [...zooms, values.zoom].sort((a, b) => a - b);
  return (
    <Section title="Appearance">
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
      <ChoiceSetting
        name="zoom"
        label="Zoom"
        help="Of the whole window. The terminal's own text size is below."
        managed={isManaged('zoom')}
        value={String(values.zoom)}
        onChange={(zoom) => change({ zoom: Number(zoom) })}
        choices={sizes.map((size) => [String(size), `${Math.round(size * 100)} %`] as const)}
      />
    </Section>
  );
}
