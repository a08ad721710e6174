import type { MainContract, SessionHostContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { CallOutput } from '../../shared/ipc/define.ts';

export type AppInfo = CallOutput<MainContract, 'app.info'>;

/** A page, over all times that it is loaded. */
export interface PageIdentity {
  /** Known to this page alone: it gets its terminals back with it. */
  readonly secret: string;
  /** Tabs whose programs went on while the page was loaded anew. */
  readonly running: ReadonlySet<string>;
}

/** The two connections of a window and where the app runs. */
export interface Connection {
  readonly main: Client<MainContract>;
  /** The present client of the session host; it is replaced when the session host was started again. */
  sessionHost(): Client<SessionHostContract>;
  /** Calls back whenever `sessionHost` returns another client. Returns the unsubscriber. */
  onSessionHost(listener: () => void): () => void;
  readonly info: AppInfo;
  readonly page: PageIdentity;
  /** Resolves when the app behind the window has ended. */
  readonly closed: Promise<void>;
}
