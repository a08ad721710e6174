import type { TopicSource } from '../../../shared/ipc/server.ts';
import type { CommandId } from '../../../shared/settings/keymap.ts';

export interface SentCommand {
  serial: number;
  command: string;
  argument: string;
}

/**
 * Commands from menus and the OS on their way to the page. Commands that are sent before a page listens wait for the first one that
 * does.
 */
export class CommandTopic implements TopicSource<SentCommand> {
  readonly #waiting: { command: CommandId; argument: string }[] = [];
  readonly #listeners = new Set<(value: SentCommand) => void>();
  #value: SentCommand = { serial: 0, command: '', argument: '' };

  get(): SentCommand {
    return this.#value;
  }

  onChange(listener: (value: SentCommand) => void): () => void {
    this.#listeners.add(listener);
    // Flushes after the subscriber has taken its snapshot, so that it sees the commands as new.
    setTimeout(() => this.#flush(), 0);
    return () => this.#listeners.delete(listener);
  }

  send(command: CommandId, argument = ''): void {
    this.#waiting.push({ command, argument });
    this.#flush();
  }

  #flush(): void {
    if (this.#listeners.size === 0) return;
    for (const next of this.#waiting.splice(0)) {
      this.#value = { serial: this.#value.serial + 1, ...next };
      for (const listener of [...this.#listeners]) listener(this.#value);
    }
  }
}
