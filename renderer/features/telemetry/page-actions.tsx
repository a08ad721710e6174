import { Button } from '@mantine/core';
import { IconDownload, IconTrash } from '@tabler/icons-react';
import { useApp } from '../../state/context.tsx';
import { confirm } from '../../state/dialogs.ts';
import classes from './telemetry.module.css';

/** Export and deletion of everything on the page. */
export function PageActions({ empty, waiting }: { empty: boolean; waiting: number }) {
  const { main, dialogs, notifications } = useApp();
  const { notifyError } = notifications.getState();
  const save = () =>
    main.call('telemetry.export', null).then(
      ({ json }) => download(json, `slipway-usage-events-${new Date().toISOString().slice(0, 10)}.json`),
      (caught) => notifyError('The events could not be exported', caught),
    );
  const deleteAll = async () => {
    const unsent = waiting > 0 ? ` ${waiting} of them wait and will never be sent.` : '';
    const agreed = await confirm(dialogs, {
      title: 'Delete all events?',
      text: `They are deleted from this computer.${unsent} What was sent before stays with the collector.`,
      action: 'Delete all',
      danger: true,
    });
    if (agreed) await main.call('telemetry.delete-all', null).catch((caught) => notifyError('Not everything could be deleted', caught));
  };
  return (
    <div className={classes.actions}>
      <Button size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />} disabled={empty} onClick={() => void save()}>
        Export
      </Button>
      <Button size="xs" variant="default" leftSection={<IconTrash size={14} aria-hidden />} disabled={empty} onClick={() => void deleteAll()}>
        Delete all
      </Button>
    </div>
  );
}

function download(json: string, name: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
