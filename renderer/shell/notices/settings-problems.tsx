import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/context.tsx';
import { useCommands } from '../../workbench/commands.ts';
import classes from './settings-problems.module.css';

/** Says once per start that the settings file could not be read in full. */
export function SettingsProblems() {
  const { settings } = useApp();
  const commands = useCommands();
  const problems = useStore(settings, (state) => state.problems);
  const [closed, setClosed] = useState<readonly string[] | null>(null);
  if (problems.length === 0 || closed === problems) return null;
  return (
    <div className={classes.banner} role="status">
      <IconAlertTriangle size={15} aria-hidden />
      <span className={classes.text}>
        {problems[0]}
        {problems.length > 1 && ` (and ${problems.length - 1} more)`}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => commands.run('settings')}>
        Open settings
      </Button>
      <CloseButton size="sm" aria-label="Close" onClick={() => setClosed(problems)} />
    </div>
  );
}
