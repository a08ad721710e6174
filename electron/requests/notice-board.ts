import { Topic } from '../../shared/ipc/server.ts';
import type { RequestNotice } from '../../shared/model/access-request.ts';

const kept = 50;

/** The latest things that people want to be told about. */
export class NoticeBoard {
  readonly topic = new Topic<RequestNotice[]>([]);
  #serial = 0;

  post(notice: Omit<RequestNotice, 'serial'>): void {
    this.topic.set([...this.topic.get(), { ...notice, serial: ++this.#serial }].slice(-kept));
  }
}
