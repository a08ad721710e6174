import { Topic } from '../../shared/ipc/server.ts';
import type { RequestNotice } from '../../shared/model/access-request.ts';

/** A page that was away reads at most this many notices; older ones are of no interest any more. */
const kept = 50;

/** The latest events that people want to be notified of. */
export class NoticeBoard {
  readonly topic = new Topic<RequestNotice[]>([]);
  #serial = 0;

  post(notice: Omit<RequestNotice, 'serial'>): void {
    this.topic.set([...this.topic.get(), { ...notice, serial: ++this.#serial }].slice(-kept));
  }
}
