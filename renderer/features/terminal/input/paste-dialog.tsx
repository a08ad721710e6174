import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { Dialog } from '../../../ui/dialog.tsx';
import { countLines } from './paste.ts';

const previewLength = 4000;

/** Shown before text with newlines goes to a shell that would run each line as it arrives. */
export function PasteDialog({ text, onPaste, onCancel }: { text: string; onPaste(): void; onCancel(): void }) {
  const lines = countLines(text);
  return (
    <Dialog onClose={onCancel} title={lines === 1 ? 'Paste a line that ends with Enter?' : `Paste ${lines} lines?`} size="lg" centered>
      <Stack gap="sm">
        <Text size="sm">
          {lines === 1 ? 'The shell runs the line as soon as it is pasted.' : 'The shell runs each line as soon as it is pasted.'}
        </Text>
        <Textarea
          aria-label="Text to paste"
          value={text.length > previewLength ? `${text.slice(0, previewLength)}\n… ${text.length - previewLength} more characters` : text}
          readOnly
          autosize
          minRows={1}
          maxRows={12}
          classNames={{ input: 'terminal-quote' }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button onClick={onPaste} data-autofocus>
            Paste
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
