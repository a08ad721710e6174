import type { TopicSource } from '../../shared/ipc/server.ts';

/** What differs between Electron and the browser host. */
export interface HostFacilities {
  host: 'electron' | 'browser';
  /** Versions of Slipway and, where there is one, of Electron. */
  version: string;
  electron: string;
  /** Whether the OS says that a screen reader is in use. */
  screenReader: TopicSource<boolean>;
  /** Begins a command line that runs `slipway` (electron/cli). */
  command: readonly string[];
  openFolder(path: string): Promise<void>;
  openLink(url: string): Promise<void>;
  /** Brings Slipway to the front, where the host can. */
  focusApp(): void;
  openEditor(path: string): Promise<void>;
  chooseFolder(path: string): Promise<string | null>;
  dragOut(paths: readonly string[]): Promise<void>;
}
