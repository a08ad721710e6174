import { SettingsSection } from '../../ui/settings-section.tsx';
import { ChoiceSetting, NumberSetting, SwitchSetting, TextSetting } from './controls.tsx';
import type { SettingsAccess } from './use-settings-access.ts';

/** All settings take effect at once, in open terminals too, except the shell. */
export function TerminalSettings({ values: { terminal }, isManaged, change, screenReader }: SettingsAccess & { screenReader: boolean }) {
  const common = <K extends keyof typeof terminal>(key: K) => ({
    name: `terminal.${key}`,
    managed: isManaged(`terminal.${key}`),
    value: terminal[key],
    onChange: (value: (typeof terminal)[K]) => change({ terminal: { [key]: value } }),
  });
  return (
    <SettingsSection title="Terminal">
      <TextSetting
        {...common('fontFamily')}
        label="Font"
        help="One or more names with commas between them; the first that is installed is used."
        placeholder="System font"
        most={200}
      />
      <NumberSetting {...common('fontSize')} label="Text size" min={6} max={72} step={1} suffix=" px" />
      <NumberSetting
        {...common('scrollback')}
        label="Scrollback"
        help="Lines kept above the screen. 5,000 lines of 120 columns take about 7 MB for each terminal."
        min={0}
        max={200_000}
        step={1000}
        suffix=" lines"
      />
      <SwitchSetting {...common('copyOnSelect')} label="Copy on select" help="Selected text goes to the clipboard when the mouse button is let go." />
      <ChoiceSetting
        {...common('rightClick')}
        label="Right mouse button"
        choices={[
          ['menu', 'Opens a menu'],
          ['paste', 'Pastes'],
          ['copy-paste', 'Copies a selection, else pastes'],
        ]}
      />
      <ChoiceSetting
        {...common('renderer')}
        label="Drawn by"
        help="Automatic measures this computer's graphics and uses the GPU only where that is faster."
        choices={[
          ['auto', 'Automatic'],
          ['gpu', 'GPU'],
          ['dom', 'Without GPU'],
        ]}
      />
      <ChoiceSetting
        {...common('screenReader')}
        label="Screen reader support"
        help={`Reads output aloud, and halves how fast it can be shown. The system says that a screen reader is ${screenReader ? 'running' : 'not running'}.`}
        choices={[
          ['auto', 'Same as the system'],
          ['on', 'On'],
          ['off', 'Off'],
        ]}
      />
      <SwitchSetting {...common('confirmClose')} label="Ask before closing a running session" />
      <TextSetting
        {...common('shell')}
        label="Shell of local terminals"
        help="Full path of a program. Takes effect in new terminals."
        placeholder="Your login shell"
        most={1000}
      />
    </SettingsSection>
  );
}
