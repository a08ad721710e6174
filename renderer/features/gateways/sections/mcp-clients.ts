/** How a program is told of an MCP server that it reaches over HTTP. */
export interface McpClient {
  readonly name: string;
  /** Where the text belongs. */
  readonly where: string;
  readonly text: string;
}

/** What programs take for the name of a server. */
const plainName = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'slipway';
const json = (value: object) => JSON.stringify(value, null, 2);

/** The endpoint as common MCP clients want to have it written. The name comes from the cluster and is made plain; `url` is Slipway's own. */
export function mcpClients(serverName: string, url: string): [McpClient, ...McpClient[]] {
  const name = plainName(serverName);
  return [
    { name: 'Claude Code', where: 'In a terminal', text: `claude mcp add --transport http ${name} '${url}'` },
    {
      name: 'Claude Desktop',
      where: 'claude_desktop_config.json (Settings → Developer → Edit Config); needs Node.js',
      text: json({ mcpServers: { [name]: { command: 'npx', args: ['-y', 'mcp-remote', url] } } }),
    },
    { name: 'Cursor', where: '~/.cursor/mcp.json', text: json({ mcpServers: { [name]: { url } } }) },
    { name: 'VS Code', where: '.vscode/mcp.json', text: json({ servers: { [name]: { type: 'http', url } } }) },
    { name: 'Codex', where: '~/.codex/config.toml', text: `[mcp_servers.${name}]\nurl = "${url}"` },
  ];
}
