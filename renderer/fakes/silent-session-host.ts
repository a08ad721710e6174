import { type SessionHostContract, sessionHostContract } from '../../shared/contract/index.ts';
import { type Handlers, Topic } from '../../shared/ipc/server.ts';
import { noTransfers } from '../state/transfers.ts';

/** Topics that every window follows. */
const followed = { transfers: noTransfers, edits: {}, connections: { rows: {}, problem: null } };

type SessionHost = Handlers<SessionHostContract>;

/** A session host that answers nothing but what it is given: calls fail, streams stay silent, topics hold nothing. */
export function silentSessionHost(given: { [K in keyof SessionHost]?: Partial<SessionHost[K]> } = {}): SessionHost {
  const all = <V>(names: object, value: () => V) => Object.fromEntries(Object.keys(names).map((name) => [name, value()]));
  const topics = (values: object) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Topic(value)]));
  const refuse = () => () => {
    throw new Error('not asked here');
  };
  return {
    calls: { ...all(sessionHostContract.calls, refuse), ...given.calls },
    streams: { ...all(sessionHostContract.streams, () => () => {}), ...given.streams },
    topics: { ...all(sessionHostContract.topics, () => new Topic(null)), ...topics(followed), ...given.topics },
  } as SessionHost;
}
