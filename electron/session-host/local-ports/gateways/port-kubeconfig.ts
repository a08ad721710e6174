import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConnectionRow, KubeTarget } from '../../../../shared/model/gateway.ts';
import { loopback } from '../../../lib/loopback/local-listener.ts';
import { sweepTemporaries } from '../../../lib/replace-file.ts';
import { contextName, fileNameOf } from '../describe-target.ts';
import type { SavedPort } from '../local-port.ts';
import type { KubeExtras } from '../saved-connections.ts';
import type { KubeIdentity } from './kube-identity.ts';
import { personalKubeconfig } from './personal-kubeconfig.ts';

/** Kubeconfigs hold keys, and so do the temporary files of a process that died while it wrote one: they are removed. */
export function sweepKubeconfigs(folder: string, env: NodeJS.ProcessEnv): void {
  sweepTemporaries(dirname(personalKubeconfig(env)));
  if (existsSync(folder)) for (const name of readdirSync(folder)) sweepTemporaries(join(folder, name));
}

/** The kubeconfigs that have a context for this connection: one of its own, and the person's if they want that. */
export class PortKubeconfig {
  /** Of its own file; empty where there is none. */
  readonly path: string;
  readonly #target: KubeTarget;
  readonly #env: NodeJS.ProcessEnv;

  constructor(target: KubeTarget, folder: string | null, env: NodeJS.ProcessEnv) {
    const { cluster, leaf, name } = target;
    this.path = folder === null ? '' : join(folder, fileNameOf(cluster), `${fileNameOf(leaf ? `${leaf}/${name}` : name)}-kubeconfig`);
    this.#target = target;
    this.#env = env;
  }

  factsOf({ owner, namespace, merged }: SavedPort): ConnectionRow['kube'] {
    return { kubeconfig: this.path, context: this.#contextName(owner), namespace, merged, ownKubeconfig: personalKubeconfig(this.#env) };
  }

  async write(saved: SavedPort, identity: KubeIdentity): Promise<void> {
    if (this.path) await (await import('./kubeconfig.ts')).writeOwnKubeconfig(this.path, this.#context(saved, identity));
  }

  async remove(): Promise<void> {
    if (this.path) await (await import('./kubeconfig.ts')).removeOwnKubeconfig(this.path);
  }

  async merge(saved: SavedPort, identity: KubeIdentity): Promise<void> {
    await (await import('./kubeconfig.ts')).mergeKubeconfig(personalKubeconfig(this.#env), this.#context(saved, identity));
  }

  /**
   * Resolves with the fields that others had set on the context; null when it was not there. `owner`: name of the cluster that owns
   * the target.
   */
  async unmerge(owner: string): Promise<KubeExtras | null> {
    return (await import('./kubeconfig.ts')).unmergeKubeconfig(personalKubeconfig(this.#env), this.#contextName(owner));
  }

  #contextName(owner: string): string {
    return contextName(owner, this.#target);
  }

  #context({ owner, port, namespace, kubeExtras }: SavedPort, identity: KubeIdentity) {
    return { name: this.#contextName(owner), server: `https://${loopback}:${port}`, identity, namespace, extras: kubeExtras };
  }
}
