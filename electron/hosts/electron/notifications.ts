import { app, type BrowserWindow, Notification, nativeImage } from 'electron';
import type { TopicSource } from '../../../shared/ipc/server.ts';
import type { OpenRequest, RequestNotice, RequestsOverview } from '../../../shared/model/access-request.ts';
import { badgePixels, badgeSize } from './badge-image.ts';

export interface NotificationsOptions {
  notices: TopicSource<RequestNotice[]>;
  requests: TopicSource<Record<string, RequestsOverview>>;
  /** The window whose button on the Windows taskbar wears the badge, if there is one. */
  window(): Pick<BrowserWindow, 'setOverlayIcon'> | null;
  platform?: NodeJS.Platform;
  /** The person clicked the notice: shows the app and opens the request. */
  open(request: OpenRequest): void;
}

/** The OS shows notices one after the other, so more at once would keep appearing for minutes. */
const mostAtOnce = 5;

/** Shows notices by the OS, and how many requests wait on the app's icon, where the platform has that. Returns what ends it. */
export function showNotifications({ notices, requests, window, open, platform = process.platform }: NotificationsOptions): () => void {
  // Keeps the notifications alive: a collected one loses its click.
  const shown = new Set<Notification>();
  let seen = notices.get().at(-1)?.serial ?? 0;
  const show = ({ title, body, cluster, request }: RequestNotice) => {
    const notification = new Notification({ title, body });
    shown.add(notification);
    notification.on('click', () => {
      shown.delete(notification);
      open({ cluster, address: '', id: request });
    });
    notification.on('close', () => shown.delete(notification));
    notification.on('failed', () => shown.delete(notification));
    notification.show();
  };
  const onNotices = (all: RequestNotice[]) => {
    const fresh = all.filter(({ serial }) => serial > seen);
    seen = all.at(-1)?.serial ?? seen;
    if (Notification.isSupported()) for (const notice of fresh.slice(-mostAtOnce)) show(notice);
  };
  let badge = 0;
  const onRequests = (all: Record<string, RequestsOverview>) => {
    const waiting = Object.values(all).reduce((sum, { counts }) => sum + counts.waiting, 0);
    if (waiting === badge) return;
    badge = waiting;
    if (platform === 'win32') window()?.setOverlayIcon(overlay(waiting), waiting > 0 ? `${waiting} access requests wait for your review` : '');
    else app.setBadgeCount(waiting);
  };
  onRequests(requests.get());
  const stop = [notices.onChange(onNotices), requests.onChange(onRequests)];
  return () => {
    for (const unsubscribe of stop) unsubscribe();
    for (const notification of shown) notification.close();
  };
}

function overlay(count: number) {
  return count === 0 ? null : nativeImage.createFromBitmap(badgePixels(count), { width: badgeSize, height: badgeSize });
}
