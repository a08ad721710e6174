import type { SessionHostContract } from '../../shared/contract/index.ts';
import type { TopicName, TopicValue } from '../../shared/ipc/define.ts';
import type { Connection } from './connection.ts';

/** Follows a topic of the session host, and of each one that replaces it. Returns the unsubscriber. */
export function subscribeSessionHost<N extends TopicName<SessionHostContract>>(
  connection: Pick<Connection, 'sessionHost' | 'onSessionHost'>,
  name: N,
  listener: (value: TopicValue<SessionHostContract, N>) => void,
): () => void {
  let stop = connection.sessionHost().subscribe(name, listener);
  const forget = connection.onSessionHost(() => {
    stop();
    stop = connection.sessionHost().subscribe(name, listener);
  });
  return () => {
    forget();
    stop();
  };
}
