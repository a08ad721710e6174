import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { mainContract } from '../../../shared/contract/index.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import { failureWords } from '../../lib/background.ts';
import { loadAfterMs, Telemetry, type TelemetryOptions, type UsageEvent } from '../index.ts';
import { exampleCluster } from './example-cluster.ts';
import { FakeClock } from './fake-clock.ts';
import { SettingsInMemory } from './settings-in-memory.ts';

export const signal = new AbortController().signal;
export const hour = 3_600_000;
export const review: UsageEvent = { event: 'access_request_review', cluster: exampleCluster().key };

/** A folder, settings, clusters and a clock for one test of the whole of telemetry, and what a page would see and do. */
export class World<C extends { address: string; close(): Promise<void> }> {
  readonly base = mkdtempSync(join(tmpdir(), 'slipway-telemetry-'));
  readonly folder = join(this.base, 'telemetry');
  readonly clusters = new Topic([exampleCluster()]);
  readonly clock = new FakeClock();
  readonly notes: string[] = [];
  readonly settings: SettingsInMemory;
  readonly collector: C;
  readonly #open: Telemetry[] = [];

  constructor(collector: C) {
    this.collector = collector;
    this.settings = new SettingsInMemory({ collector: collector.address });
  }

  start(more: Partial<TelemetryOptions> = {}): Telemetry {
    const { folder, settings, clusters, clock, notes } = this;
    const telemetry = new Telemetry({
      folder,
      settings,
      clusters,
      clock,
      appVersion: '0.1.0',
      note: (message) => notes.push(message),
      // The log that takes this repeats nothing.
      background: {
        failed: ({ what }, caught) => {
          const told = `${what}: ${failureWords(caught)}`;
          if (!notes.includes(told)) notes.push(told);
        },
        worked: () => {},
      },
      proxies: {},
      ...more,
    });
    this.#open.push(telemetry);
    return telemetry;
  }

  state(telemetry: Telemetry) {
    return mainContract.topics.telemetry.value.parse(telemetry.topics.telemetry.get());
  }

  events(telemetry: Telemetry) {
    return Object.values(mainContract.topics['telemetry-events'].value.parse(telemetry.topics['telemetry-events'].get()));
  }

  decide(telemetry: Telemetry, answer: 'allow' | 'decline' | 'later') {
    return telemetry.calls['telemetry.decide']({ answer }, { signal });
  }

  jobRole(telemetry: Telemetry, role: string | null) {
    return telemetry.calls['telemetry.job-role']({ role }, { signal });
  }

  /** Real files and sockets need real turns of the loop, however still the fake clock stands. */
  until(condition: () => boolean) {
    return expect.poll(condition, { interval: 10, timeout: 5000 }).toBe(true);
  }

  async loaded(): Promise<void> {
    await this.clock.pass(loadAfterMs);
    await Promise.all(this.#open.map((telemetry) => telemetry.ready()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.clock.pass(200);
  }

  onDisk(): string {
    const names = existsSync(this.folder) ? readdirSync(this.folder) : [];
    return names.map((name) => readFileSync(join(this.folder, name), 'utf8')).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((telemetry) => telemetry.close()));
    await this.collector.close();
    // A disk that is slow still makes files when it has closed: closing waits for it only so long.
    rmSync(this.base, { recursive: true, force: true, maxRetries: 20 });
  }
}
