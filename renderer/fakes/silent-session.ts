import { type SessionContract, sessionContract } from '../../shared/contract/index.ts';
import { type Handlers, Topic } from '../../shared/ipc/server.ts';
import { noTransfers } from '../state/transfers.ts';

/** Topics that every window follows. */
const followed = { transfers: noTransfers, edits: {}, connections: { rows: {}, problem: null } };

type Session = Handlers<SessionContract>;

/** A session host that answers nothing but what it is given: calls fail, streams stay silent, topics hold nothing. */
export function silentSession(given: { [K in keyof Session]?: Partial<Session[K]> } = {}): Session {
  const all = <V>(names: object, value: () => V) => Object.fromEntries(Object.keys(names).map((name) => [name, value()]));
  const topics = (values: object) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Topic(value)]));
  const refuse = () => () => {
    throw new Error('not asked here');
  };
  return {
    calls: { ...all(sessionContract.calls, refuse), ...given.calls },
    streams: { ...all(sessionContract.streams, () => () => {}), ...given.streams },
    topics: { ...all(sessionContract.topics, () => new Topic(null)), ...topics(followed), ...given.topics },
  } as Session;
}
