import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { ConnectionRow, Forward, ForwardTarget, OpenConnection } from '../../../shared/model/gateway.ts';
import type { TicketContract } from '../../host-contract/ticket.ts';
import type { BackgroundReporter } from '../../lib/background.ts';
import type { AccessWatch } from '../access-watch.ts';
import type { BorrowedConnection } from '../ssh-connections/ssh-connections.ts';
import type { Reporter } from './listening/reporter.ts';
import type { ProgramAccess } from './program-access.ts';
import type { FindProgram } from './programs.ts';
import type { SavedConnection } from './saved-connections.ts';

/** What a local port can lead to. */
export type PortTarget = OpenConnection['target'];
/** What is remembered of a port beside its target. */
export type SavedPort = Omit<SavedConnection, 'target'>;

/** The services that local ports of all kinds use. */
export interface PortServices {
  readonly tickets: Client<TicketContract>;
  readonly background: BackgroundReporter;
  readonly access: AccessWatch;
  /** Folder for kubeconfigs; null writes none. */
  readonly kubeFolder: string | null;
  borrow(target: SshTarget, signal: AbortSignal): Promise<BorrowedConnection>;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
}

/** The row of the list that a local port belongs to. */
export interface PortRow {
  readonly reporter: Reporter;
  readonly saved: SavedPort;
  /** Changes what is remembered; the list is updated. */
  remember(part: Partial<SavedPort>): void;
  /** The target or a fact of the row has changed. */
  changed(): void;
  /** A certificate came, valid until `expires`, with what the cluster says about the target now. */
  certified(facts: Pick<SavedPort, 'protocol' | 'owner' | 'targetPorts'>, expires: number): void;
  /** Shows a failure that does not belong to a connection through the port. */
  problem(error: AppError): void;
  /** Opens the port again, on the remembered port. */
  reopen(): Promise<void>;
}

/**
 * One kind of local port: how it listens, how programs use it, and what can be changed. A kind leaves out the methods that make no
 * sense for it.
 */
export interface LocalPort {
  readonly target: PortTarget;
  /** The port that it listens on, for remote forwards the one on the server. Null while it is closed. */
  readonly openPort: number | null;
  /** How its opening is counted as a use; null when it is not. */
  readonly use: { protocol: 'db' | 'app' | 'kube'; counted: 'at-opening' | 'per-terminal' } | null;
  /** Whether the listener ends with its connection and has to be opened again after a login. */
  readonly endsWithConnection: boolean;
  /** Facts of the row that only this kind has. */
  readonly facts: Partial<Pick<ConnectionRow, 'database' | 'token' | 'kube'>>;

  /** Listens on `port`; null takes any free one. `isRestored`: without asking the cluster anything; its certificate comes with the first connection. */
  open(port: number | null, isRestored: boolean): Promise<void>;
  /** Called when the port that it listens on has been remembered. */
  opened?(): Promise<void>;
  /** Ends the listener and all connections through it. */
  close(): Promise<void>;
  /** Called before `close` when a person closes it. */
  closing?(): Promise<void>;
  /** Called after `close` when a person removes it. */
  removed?(): Promise<void>;
  /** How programs use it while it listens on `port`. */
  programAccess(port: number, find: FindProgram): ProgramAccess;

  /** Listens on another port once that works, if it is open, and remembers it. */
  changePort(port: number): Promise<void>;
  /** Name of the database for commands and the URL. */
  changeDatabase?(database: string): Promise<void>;
  changeNamespace?(namespace: string): Promise<void>;
  changeTargetPort?(targetPort: number): Promise<void>;
  changeToken?(wanted: boolean): Promise<void>;
  mergeKubeconfig?(merged: boolean): Promise<void>;
  changeForward?(forward: Forward, withTerminal: boolean): Promise<void>;
  /** Called when the same forward is requested again: takes over changed facts of the target, such as the server's present name. */
  retarget?(target: ForwardTarget): void;
}
