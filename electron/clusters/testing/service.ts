import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Topic } from '../../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../../shared/model/cluster.ts';
import { failureWords } from '../../lib/background.ts';
import { ClusterService, type ClusterServiceOptions } from '../cluster-service.ts';

/** A cluster service on folders of its own, with the calls a page would make. */
export class TestService {
  readonly folder: string;
  readonly own: string;
  readonly tsh: string;
  readonly settings = new Topic({ values: { profiles: { useTshHome: false } } });
  readonly notes: string[] = [];
  service: ClusterService;
  readonly #options: Partial<ClusterServiceOptions>;

  constructor(options: Partial<ClusterServiceOptions>) {
    this.folder = mkdtempSync(join(tmpdir(), 'slipway-service-'));
    this.own = join(this.folder, 'own');
    this.tsh = join(this.folder, 'tsh');
    this.#options = options;
    this.service = this.#make();
  }

  static async start(options: Partial<ClusterServiceOptions> = {}): Promise<TestService> {
    const test = new TestService(options);
    await test.service.start();
    return test;
  }

  get calls() {
    return this.service.handlers;
  }

  get clusters(): Cluster[] {
    return this.service.topic.get();
  }

  cluster(key: ClusterKey): Cluster | undefined {
    return this.clusters.find((cluster) => cluster.key === key);
  }

  useTsh(useTshHome: boolean): void {
    this.settings.set({ values: { profiles: { useTshHome } } });
  }

  /** Waits until the topic is as wanted. */
  async until(wanted: (clusters: Cluster[]) => unknown, ms = 5000): Promise<void> {
    const end = performance.now() + ms;
    while (!wanted(this.clusters)) {
      if (performance.now() > end) throw new Error(`the topic never came to be as wanted: ${JSON.stringify(this.clusters)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The service as it is after the app was started anew. */
  async restart(): Promise<void> {
    await (await this.beginRestart()).started;
  }

  /** The same in its first moment: the profiles are still being read. */
  async beginRestart(): Promise<{ started: Promise<void> }> {
    await this.service.close();
    this.service = this.#make();
    return { started: this.service.start() };
  }

  async close(): Promise<void> {
    await this.service.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #make(): ClusterService {
    return new ClusterService({
      homes: { own: this.own, tsh: this.tsh },
      settings: this.settings,
      background: { failed: ({ what }, caught) => void this.notes.push(`${what}: ${failureWords(caught)}`), worked: () => {} },
      browser: { openBrowser: async () => false, focusApp: () => {} },
      ...this.#options,
    });
  }
}

/** A signal for calls that nobody cancels. */
export const uncancelled = { signal: new AbortController().signal };
