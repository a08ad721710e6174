import { AppError } from '../../../../shared/errors/app-error.ts';
import type { KubeTarget } from '../../../../shared/model/gateway.ts';
import type { Gateway, PortProtocol } from '../gateways/gateway.ts';
import type { KubeIdentity } from '../gateways/kube-identity.ts';
import { PortKubeconfig } from '../gateways/port-kubeconfig.ts';
import type { PortRow, PortServices } from '../local-port.ts';
import { bareAccess, installedFirst, type ProgramAccess } from '../program-access.ts';
import type { FindProgram } from '../programs.ts';
import { GatewayPort } from './gateway-port.ts';

const mergeWork = { what: 'to change the personal kubeconfig', cluster: '' };

/** A Kubernetes cluster, with a kubeconfig of its own while it is open, and a context in the person's kubeconfig where that is wanted. */
export class KubePort extends GatewayPort<KubeTarget> {
  readonly use = { protocol: 'kube', counted: 'per-terminal' } as const;
  readonly #kubeconfig: PortKubeconfig;
  #identity: KubeIdentity | null = null;

  constructor(target: KubeTarget, services: PortServices, row: PortRow) {
    super(target, services, row);
    this.#kubeconfig = new PortKubeconfig(target, services.kubeFolder, services.env);
  }

  get facts() {
    return { kube: this.#kubeconfig.factsOf(this.row.saved) };
  }

  async opened(): Promise<void> {
    if (!this.#identity) return;
    const { saved } = this.row;
    await this.#kubeconfig.write(saved, this.#identity);
    if (saved.merged) await this.#reported(this.#kubeconfig.merge(saved, this.#identity));
  }

  async closing(): Promise<void> {
    if (this.row.saved.merged) await this.#reported(this.#unmerge());
  }

  override async close(): Promise<void> {
    await super.close();
    this.#identity = null;
    await this.#kubeconfig.remove();
  }

  async removed(): Promise<void> {
    const { merged, owner } = this.row.saved;
    if (merged) await this.#kubeconfig.unmerge(owner);
  }

  override async changePort(port: number): Promise<void> {
    const isMoving = this.openPort !== null && this.openPort !== port;
    await super.changePort(port);
    if (isMoving) await this.opened();
  }

  async changeNamespace(namespace: string): Promise<void> {
    this.row.remember({ namespace });
    await this.opened();
  }

  async mergeKubeconfig(merged: boolean): Promise<void> {
    const { saved } = this.row;
    if (!merged) await this.#kubeconfig.unmerge(saved.owner);
    else if (this.#identity) await this.#kubeconfig.merge(saved, this.#identity);
    else throw new AppError('conflict', 'Open the connection first.');
    this.row.remember({ merged, kubeExtras: null });
  }

  programAccess(port: number, find: FindProgram): ProgramAccess {
    const access = bareAccess(port);
    const env = { KUBECONFIG: this.#kubeconfig.path };
    const commands = installedFirst([{ program: 'kubectl', args: ['get', 'pods'], env }], find);
    return { ...access, url: `https://${access.address}`, env, commands };
  }

  protected async createProtocol(gateway: Gateway): Promise<PortProtocol> {
    const [{ KubeProtocol }, { createKubeIdentity }] = await Promise.all([
      import('../gateways/kube-protocol.ts'),
      import('../gateways/kube-identity.ts'),
    ]);
    this.#identity = await createKubeIdentity(this.row.saved.owner, this.services.now());
    return new KubeProtocol(gateway, this.#identity);
  }

  async #unmerge(): Promise<void> {
    this.row.remember({ kubeExtras: await this.#kubeconfig.unmerge(this.row.saved.owner) });
  }

  /** The person's kubeconfig may be unwritable. The connection still works, so the row only shows the failure. */
  async #reported(work: Promise<void>): Promise<void> {
    try {
      await work;
      this.services.background.worked(mergeWork);
    } catch (caught) {
      this.services.background.failed(mergeWork, caught);
      this.row.problem(AppError.from(caught));
    }
  }
}
