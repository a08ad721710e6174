import { SettingsSection } from '../../ui/settings-section.tsx';
import { SwitchSetting } from './controls.tsx';
import type { SettingsAccess } from './use-settings-access.ts';

export function ProfilesSettings({ values, isManaged, change }: SettingsAccess) {
  return (
    <SettingsSection title="Logins">
      <SwitchSetting
        name="profiles.useTshHome"
        label="Use my tsh logins"
        help={
          <>
            Shows the clusters you logged in to with <code>tsh</code>, and keeps your logins in tsh's own folder (<code>~/.tsh</code>), so that one
            login serves both: logging in or out here does so in <code>tsh</code> too. While this is off, Slipway keeps its logins in a folder of its
            own and leaves <code>~/.tsh</code> alone.
          </>
        }
        managed={isManaged('profiles.useTshHome')}
        value={values.profiles.useTshHome}
        onChange={(useTshHome) => change({ profiles: { useTshHome } })}
      />
    </SettingsSection>
  );
}
