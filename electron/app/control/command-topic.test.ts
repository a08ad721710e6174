import { expect, test, vi } from 'vitest';
import { CommandTopic } from './command-topic.ts';

test('commands sent before anybody listens arrive, as news, in order', async () => {
  const topic = new CommandTopic();
  topic.send('clusters.add', 'a.example');
  topic.send('settings');
  const seen: string[] = [];
  topic.onChange(({ serial, command, argument }) => seen.push(`${serial} ${command} ${argument}`));
  expect(topic.get().serial).toBe(0);
  await vi.waitFor(() => expect(seen).toEqual(['1 clusters.add a.example', '2 settings ']));
  topic.send('logs');
  expect(seen).toHaveLength(3);
});

test('a listener that has left gets nothing', async () => {
  const topic = new CommandTopic();
  const listener = vi.fn();
  topic.onChange(listener)();
  topic.send('settings');
  const next = vi.fn();
  topic.onChange(next);
  await vi.waitFor(() => expect(next).toHaveBeenCalledWith({ serial: 1, command: 'settings', argument: '' }));
  expect(listener).not.toHaveBeenCalled();
});
