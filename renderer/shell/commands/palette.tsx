import { useState } from 'react';
import { type CommandId, commandIds, commandTable, isCommandId } from '../../../shared/settings/keymap.ts';
import { useApp } from '../../state/context.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Picker } from '../../ui/picker.tsx';
import { useCommands } from '../../workbench/commands.ts';
import { keysLabel } from '../../workbench/keys.ts';
import classes from './palette.module.css';

/** Commands whose titles contain every typed word and that have a handler now. */
export function matchingCommands(query: string, has: (id: CommandId) => boolean): CommandId[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commandIds.filter((id) => {
    const text = `${commandTable[id].group} ${commandTable[id].title}`.toLowerCase();
    return id !== 'palette' && has(id) && words.every((word) => text.includes(word));
  });
}

/** Every command with its keys: a list to look something up in, and to run it from. */
export function Palette({ onClose }: { onClose(): void }) {
  const { info } = useApp();
  const commands = useCommands();
  const [query, setQuery] = useState('');
  const ids = matchingCommands(query, commands.has);
  return (
    <Picker
      label="Commands"
      placeholder="Type a command"
      query={query}
      onQuery={setQuery}
      onClose={onClose}
      onPick={(id) => {
        onClose();
        if (isCommandId(id)) commands.run(id);
      }}
      items={ids.map((id) => ({
        id,
        content: (
          <>
            <span className={classes.title}>{commandTable[id].title}</span>
            <span className={classes.group}>{commandTable[id].group}</span>
            <Kbd keys={keysLabel(id, info.platform)} />
          </>
        ),
      }))}
      note={ids.length === 0 ? 'No command has these words.' : undefined}
    />
  );
}
