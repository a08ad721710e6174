import type { AppError } from '../../../../shared/errors/app-error.ts';
import type { ConnectionRow, GatewayTarget } from '../../../../shared/model/gateway.ts';
import { inBackground } from '../../../lib/background.ts';
import type { Gateway, PortProtocol } from '../gateways/gateway.ts';
import type { LocalPort, PortRow, PortServices } from '../local-port.ts';
import type { ProgramAccess } from '../program-access.ts';
import type { FindProgram } from '../programs.ts';

/** What databases, Kubernetes clusters and apps have in common: a gateway with a certificate of its own. */
export abstract class GatewayPort<T extends GatewayTarget> implements LocalPort {
  abstract readonly use: LocalPort['use'];
  abstract readonly facts: Partial<Pick<ConnectionRow, 'database' | 'token' | 'kube'>>;
  readonly endsWithConnection = false;
  protected readonly services: PortServices;
  protected readonly row: PortRow;
  #target: T;
  #gateway: Gateway | null = null;

  constructor(target: T, services: PortServices, row: PortRow) {
    this.#target = target;
    this.services = services;
    this.row = row;
  }

  get target(): T {
    return this.#target;
  }

  get openPort(): number | null {
    return this.#gateway?.port ?? null;
  }

  abstract programAccess(port: number, find: FindProgram): ProgramAccess;
  /** The protocol handler for programs that connect. The target's protocol is known when this is called. */
  protected abstract createProtocol(gateway: Gateway): Promise<PortProtocol>;

  async open(port: number | null, isRestored: boolean): Promise<void> {
    const gateway = await this.#createGateway();
    try {
      // A port that was open before needs no check now. For a new one the certificate is fetched at once, so that a mistake is
      // reported to the person who opens it.
      if (!isRestored || this.row.saved.protocol === '') await gateway.credentials();
      await gateway.open(port, await this.createProtocol(gateway));
    } catch (caught) {
      gateway.close();
      throw caught;
    }
    this.#gateway = gateway;
  }

  async close(): Promise<void> {
    this.#gateway?.close();
    this.#gateway = null;
  }

  async changePort(port: number): Promise<void> {
    if (this.#gateway && port !== this.#gateway.port) await this.#gateway.move(port);
    this.row.remember({ port });
  }

  /** Leads to another target from now on; connections to the old one end. */
  protected changeTarget(target: T, reason: AppError): void {
    this.#target = target;
    this.#gateway?.endAll(reason);
    this.row.changed();
  }

  async #createGateway(): Promise<Gateway> {
    const { Gateway } = await import('../gateways/gateway.ts');
    const { tickets, background, access, now } = this.services;
    const { cluster } = this.target;
    return new Gateway({
      cluster,
      fetchTicket: () => tickets.call('ticket.gateway', this.target),
      renewed: ({ protocol, owner, targetPorts, expires }) => this.row.certified({ protocol, owner, targetPorts }, expires),
      refused: () =>
        inBackground(background, { what: 'to have a refused certificate renewed', cluster }, tickets.call('ticket.expired', { cluster })),
      access,
      reporter: this.row.reporter,
      now,
    });
  }
}
