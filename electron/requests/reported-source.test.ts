import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { BackgroundLog } from '../app/diagnostics/background-log.ts';
import { openLog } from '../app/diagnostics/log.ts';
import { LogNames } from '../app/diagnostics/log-names.ts';
import { reportedSource } from './reported-source.ts';
import { type FeedSource, RequestFeed } from './request-feed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-told-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a watch that is refused again and again is one line with the server’s words, and one when it stands', async () => {
  const background = new BackgroundLog(openLog({ folder, name: 'main', names: new LogNames() }));
  let refusals = 0;
  let established = () => {};
  const stood = new Promise<void>((resolve) => {
    established = resolve;
  });
  const source: FeedSource = {
    list: async () => [],
    get: async () => null,
    watch: async (_scope, onEvent) => {
      if (++refusals <= 5) throw new AppError('unreachable', 'Nothing answers at root.test:443.', { cause: new Error('connect ECONNREFUSED') });
      onEvent({ type: 'ready' });
      established();
      return new Promise<never>(() => {});
    },
  };
  const feed = new RequestFeed({
    source: reportedSource(source, background, 'ann@root.test:443'),
    target: { onList: () => [], onPut: () => {}, onDelete: () => {}, isDoubtful: () => false, onConnection: () => {} },
    now: () => 0,
    times: { pollMs: 10, reconcileMs: 10, retryMs: [1, 2] },
  });
  feed.start();
  await stood;
  feed.close();
  const lines = readFileSync(join(folder, 'main.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    {
      level: 'warn',
      cluster: 'ann@root.test:443',
      what: 'to follow the access requests as they change',
      words: expect.stringContaining('ECONNREFUSED'),
    },
    { level: 'info', failures: 5 },
  ]);
  expect(background.topic.get()).toMatchObject([{ failures: 5, isFailing: false }]);
});
