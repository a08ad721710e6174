import { ActionIcon, Paper, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconLetterCase, IconRegex, IconX } from '@tabler/icons-react';
import type { SearchAddon } from '@xterm/addon-search';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { Tip } from '../../ui/tip.tsx';
import { type SearchResult, TerminalSearch } from './terminal-search.ts';
import type { TerminalView } from './terminal-view.ts';

const loadAddon = async (): Promise<SearchAddon> => new (await import('@xterm/addon-search')).SearchAddon({ highlightLimit: 1000 });

/** Finds text in the terminal and its scrollback, from the newest line up. */
export function SearchBar({ view, theme, onClose }: { view: TerminalView; theme: 'light' | 'dark'; onClose(): void }) {
  const [search, setSearch] = useState<TerminalSearch | null>(null);
  const [term, setTerm] = useState('');
  const [caseSensitive, setCaseSensitive] = useState(false);
  const [regex, setRegex] = useState(false);
  const [result, setResult] = useState<SearchResult>({ kind: 'none' });

  useEffect(() => {
    let made: TerminalSearch | undefined;
    let gone = false;
    void loadAddon().then((addon) => {
      if (gone) return addon.dispose();
      view.terminal.loadAddon(addon);
      made = new TerminalSearch(addon, view.terminal, theme, setResult);
      setSearch(made);
    });
    return () => {
      gone = true;
      made?.dispose();
    };
  }, [view, theme]);

  useEffect(() => search?.find({ term, caseSensitive, regex }), [search, term, caseSensitive, regex]);

  const close = () => {
    onClose();
    view.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') search?.step(event.shiftKey ? 'next' : 'previous');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Paper className="terminal-search" withBorder shadow="sm" role="search" onKeyDown={onKeyDown}>
      <TextInput
        size="xs"
        placeholder="Find"
        aria-label="Find in terminal"
        value={term}
        onChange={(event) => setTerm(event.currentTarget.value)}
        error={result.kind === 'bad-expression'}
        autoFocus
      />
      <Text size="xs" c="dimmed" className="terminal-search-count" role="status">
        {resultText(result)}
      </Text>
      <Toggle label="Match case" pressed={caseSensitive} onChange={setCaseSensitive} Icon={IconLetterCase} />
      <Toggle label="Regular expression" pressed={regex} onChange={setRegex} Icon={IconRegex} />
      <Tip label="Previous match (Enter)">
        <ActionIcon variant="subtle" color="gray" aria-label="Previous match" onClick={() => search?.step('previous')}>
          <IconArrowUp size={16} />
        </ActionIcon>
      </Tip>
      <Tip label="Next match (Shift+Enter)">
        <ActionIcon variant="subtle" color="gray" aria-label="Next match" onClick={() => search?.step('next')}>
          <IconArrowDown size={16} />
        </ActionIcon>
      </Tip>
      <Tip label="Close (Esc)">
        <ActionIcon variant="subtle" color="gray" aria-label="Close search" onClick={close}>
          <IconX size={16} />
        </ActionIcon>
      </Tip>
    </Paper>
  );
}

interface ToggleProps {
  label: string;
  pressed: boolean;
  onChange(on: boolean): void;
  Icon: typeof IconRegex;
}

function Toggle({ label, pressed, onChange, Icon }: ToggleProps) {
  return (
    <Tip label={label}>
      <ActionIcon
        variant={pressed ? 'filled' : 'subtle'}
        color={pressed ? undefined : 'gray'}
        aria-label={label}
        aria-pressed={pressed}
        onClick={() => onChange(!pressed)}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tip>
  );
}

function resultText(result: SearchResult): string {
  switch (result.kind) {
    case 'none':
      return '';
    case 'bad-expression':
      return 'Not an expression';
    case 'found':
      if (result.count === 0) return 'No match';
      return result.index < 0 ? `${result.count}+ matches` : `${result.index + 1} of ${result.count}`;
  }
}
