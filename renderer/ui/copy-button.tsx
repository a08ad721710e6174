import { ActionIcon } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Tip } from './tip.tsx';

const shownMs = 1500;

/** Copies `text` and says whether that worked. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  const says = { idle: label, copied: 'Copied', failed: 'The clipboard refused' }[state];
  return (
    <Tip label={says}>
      <ActionIcon aria-label={says} onClick={copy} size={24}>
        {state === 'idle' ? <IconCopy size={14} /> : state === 'copied' ? <IconCheck size={14} color="var(--sw-ok)" /> : <IconX size={14} />}
      </ActionIcon>
    </Tip>
  );
}
