import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { loopback } from '../../../lib/loopback/local-listener.ts';
import { sweepTemporaries } from '../../../lib/replace-file.ts';
import { contextName, fileNameOf } from '../describe-target.ts';
import type { KubeExtras, SavedConnection } from '../saved-connections.ts';
import type { KubeIdentity } from './kube-identity.ts';
import { personalKubeconfig } from './personal-kubeconfig.ts';

/** Kubeconfigs hold keys, and so do the temporary files of a process that died while it wrote one: they are removed. */
export function sweepKubeconfigs(folder: string, env: NodeJS.ProcessEnv): void {
  sweepTemporaries(dirname(personalKubeconfig(env)));
  if (existsSync(folder)) for (const name of readdirSync(folder)) sweepTemporaries(join(folder, name));
}

/** The kubeconfigs that a connection stands in: one of its own, and the person's where that is wanted. Connections that are not Kubernetes' are in none. */
export class EntryKubeconfig {
  readonly #folder: string | null;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string | null, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /** Of its own file; empty where there is none. */
  pathOf({ target }: SavedConnection): string {
    if (target.kind !== 'kube' || this.#folder === null) return '';
    return join(this.#folder, fileNameOf(target.cluster), `${fileNameOf(target.leaf ? `${target.leaf}/${target.name}` : target.name)}-kubeconfig`);
  }

  factsOf(saved: SavedConnection): ConnectionRow['kube'] {
    const { target, owner, namespace, merged } = saved;
    if (target.kind !== 'kube') return null;
    return {
      kubeconfig: this.pathOf(saved),
      context: contextName(owner, target),
      namespace,
      merged,
      ownKubeconfig: personalKubeconfig(this.#env),
    };
  }

  async write(saved: SavedConnection, identity: KubeIdentity): Promise<void> {
    const path = this.pathOf(saved);
    const context = contextOf(saved, identity);
    if (path && context) await (await import('./kubeconfig.ts')).writeOwnKubeconfig(path, context);
  }

  async remove(saved: SavedConnection): Promise<void> {
    const path = this.pathOf(saved);
    if (path) await (await import('./kubeconfig.ts')).removeOwnKubeconfig(path);
  }

  async merge(saved: SavedConnection, identity: KubeIdentity): Promise<void> {
    const context = contextOf(saved, identity);
    if (context) await (await import('./kubeconfig.ts')).mergeKubeconfig(personalKubeconfig(this.#env), context);
  }

  /** Resolves with what others had set on the context; null when it was not there. */
  async unmerge({ target, owner }: SavedConnection): Promise<KubeExtras | null> {
    if (target.kind !== 'kube') return null;
    return (await import('./kubeconfig.ts')).unmergeKubeconfig(personalKubeconfig(this.#env), contextName(owner, target));
  }
}

function contextOf({ target, owner, port, namespace, kubeExtras }: SavedConnection, identity: KubeIdentity) {
  if (target.kind !== 'kube') return null;
  return { name: contextName(owner, target), server: `https://${loopback}:${port}`, identity, namespace, extras: kubeExtras };
}
