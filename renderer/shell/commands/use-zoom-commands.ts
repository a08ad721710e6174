import { useApp } from '../../state/context.tsx';
import { useCommand } from '../../workbench/commands.ts';

const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** The next size up or down from `zoom`, which need not be one of the steps. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const next = direction > 0 ? steps.find((step) => step > zoom + 0.001) : steps.findLast((step) => step < zoom - 0.001);
  return next ?? zoom;
}

/** A browser has its own zoom, so its keys are left to it. */
export function useZoomCommands(): void {
  const { main, settings, notifications, info } = useApp();
  const ours = info.host === 'electron';
  const setZoom = (zoom: number) =>
    main.call('settings.update', { zoom }).catch((caught) => notifications.getState().notifyError('The size could not be changed', caught));
  const zoom = () => settings.getState().values.zoom;
  useCommand('zoom.in', () => void setZoom(nextZoom(zoom(), 1)), ours);
  useCommand('zoom.out', () => void setZoom(nextZoom(zoom(), -1)), ours);
  useCommand('zoom.reset', () => void setZoom(1), ours);
}
