import { AppError } from '../../shared/errors/app-error.ts';
import type { ClusterRequests } from './cluster-requests.ts';

/** Servers before 14.3 drop a start without a word, and access begins with the approval (docs/protocol/versions.md §6). */
export function checkStart(followed: ClusterRequests, start: number | null): void {
  if (start !== null && followed.dropsStart) {
    throw new AppError('unsupported', 'This cluster keeps no start times: access begins as soon as it is approved. Leave the start out.');
  }
}
