import { expect, test } from 'vitest';
import { mcpClients } from './mcp-clients.ts';

const url = 'http://127.0.0.1:8090/?slipway-token=abc';

test('each client gets the address in its own form', () => {
  const text = Object.fromEntries(mcpClients('incident notes', url).map((client) => [client.name, client.text]));
  expect(text['Claude Code']).toBe(`claude mcp add --transport http incident-notes '${url}'`);
  expect(JSON.parse(text['Cursor']!)).toEqual({ mcpServers: { 'incident-notes': { url } } });
  expect(JSON.parse(text['VS Code']!)).toEqual({ servers: { 'incident-notes': { type: 'http', url } } });
  expect(JSON.parse(text['Claude Desktop']!).mcpServers['incident-notes'].args).toContain(url);
  expect(text['Codex']).toBe(`[mcp_servers.incident-notes]\nurl = "${url}"`);
});

test.each(["a'; rm -rf ~; '", '"], evil = ["', '../..', '\u202e$(id)', ''])('a name of the cluster stays a name: %j', (name) => {
  for (const { text } of mcpClients(name, url)) expect(text.replaceAll(url, '')).not.toMatch(/rm -rf|\$\(|\.\.\/|\u202e|evil = \[/);
  expect(mcpClients(name, url)[0]!.text).toMatch(/^claude mcp add --transport http [A-Za-z0-9_-]+ '[^']+'$/);
});
