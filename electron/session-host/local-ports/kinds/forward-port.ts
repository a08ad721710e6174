import type { Forward, ForwardTarget } from '../../../../shared/model/gateway.ts';
import type { ForwardRunner } from '../forwards/forward.ts';
import type { LocalPort, PortRow, PortServices } from '../local-port.ts';
import { bareAccess, noAccess, type ProgramAccess } from '../program-access.ts';

/** A port forward over SSH. */
export class ForwardPort implements LocalPort {
  readonly use = null;
  readonly facts = {};
  readonly #services: PortServices;
  readonly #row: PortRow;
  #target: ForwardTarget;
  #runner: ForwardRunner | null = null;

  constructor(target: ForwardTarget, services: PortServices, row: PortRow) {
    this.#target = target;
    this.#services = services;
    this.#row = row;
  }

  get target(): ForwardTarget {
    return this.#target;
  }

  get openPort(): number | null {
    return this.#runner?.port ?? null;
  }

  get endsWithConnection(): boolean {
    return this.#target.forward.type === 'remote';
  }

  async open(port: number | null): Promise<void> {
    const { ForwardRunner } = await import('../forwards/forward.ts');
    const { borrow, access } = this.#services;
    const target = this.#target;
    const runner = new ForwardRunner({ target, borrow: (signal) => borrow(target.server, signal), access, reporter: this.#row.reporter });
    this.#row.remember({ protocol: target.forward.type });
    try {
      await runner.open(port);
    } catch (caught) {
      runner.close();
      throw caught;
    }
    this.#runner = runner;
  }

  async close(): Promise<void> {
    this.#runner?.close();
    this.#runner = null;
  }

  async changePort(port: number): Promise<void> {
    if (this.#runner && port !== this.#runner.port) await this.#runner.move(port);
    this.#row.remember({ port });
  }

  async changeForward(forward: Forward, withTerminal: boolean): Promise<void> {
    const before = this.#target.forward;
    const isOther = JSON.stringify(forward) !== JSON.stringify(before);
    const wasOpen = this.#runner !== null;
    if (isOther && wasOpen) await this.close();
    const keepsPort = forward.type === before.type && forward.type !== 'remote';
    this.#target = { ...this.#target, forward, withTerminal };
    this.#row.remember(keepsPort ? {} : { port: null });
    if (isOther && wasOpen) await this.#row.reopen();
  }

  retarget(target: ForwardTarget): void {
    this.#target = target;
    this.#row.changed();
  }

  programAccess(port: number): ProgramAccess {
    const { forward } = this.#target;
    const access = bareAccess(port);
    if (forward.type === 'remote') return { ...noAccess, address: `${forward.listen.host || 'localhost'}:${port}` };
    if (forward.type === 'local') return access;
    const url = `socks5h://${access.address}`;
    return { ...access, url, env: { ALL_PROXY: url } };
  }
}
