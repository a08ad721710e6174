import type { SessionContract } from '../../shared/contract/index.ts';
import type { TopicName, TopicValue } from '../../shared/ipc/define.ts';
import type { Connection } from './connection.ts';

/** Follows a topic of the session host, also of the one that replaces it. Returns the unsubscriber. */
export function subscribeSession<N extends TopicName<SessionContract>>(
  connection: Pick<Connection, 'session' | 'onSession'>,
  name: N,
  listener: (value: TopicValue<SessionContract, N>) => void,
): () => void {
  let stop = connection.session().subscribe(name, listener);
  const forget = connection.onSession(() => {
    stop();
    stop = connection.session().subscribe(name, listener);
  });
  return () => {
    forget();
    stop();
  };
}
