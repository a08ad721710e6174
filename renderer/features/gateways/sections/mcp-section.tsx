import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import classes from '../gateways.module.css';
import { mcpClients } from './mcp-clients.ts';

/** What to write where, so that a program uses the MCP server. */
export function McpSection({ row, name }: { row: ConnectionRow; name: string }) {
  const clients = mcpClients(name, row.url);
  const [chosen, choose] = useState(clients[0].name);
  const client = clients.find((each) => each.name === chosen) ?? clients[0];
  return (
    <section className={classes.section} aria-label="MCP clients">
      <h2>MCP clients</h2>
      <SegmentedControl
        aria-label="Program"
        size="xs"
        data={clients.map((each) => each.name)}
        value={chosen}
        onChange={choose}
        className={classes.choices}
      />
      <div className={classes.snippet}>
        <pre>{client.text}</pre>
        <CopyButton text={client.text} label={`Copy for ${client.name}`} />
      </div>
      <p className={classes.help}>
        {client.where}.{row.token ? ' The address carries the token: keep it to yourself.' : ''}
      </p>
    </section>
  );
}
