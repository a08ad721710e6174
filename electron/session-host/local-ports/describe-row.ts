import { randomUUID } from 'node:crypto';
import type { ClientCommand, ConnectionRow } from '../../../shared/model/gateway.ts';
import { loopback } from '../../lib/loopback/local-listener.ts';
import { adviceFor, type Command, commandText, curlCommand, type Endpoint, protocolFacts } from './client-commands.ts';
import { addressWithToken } from './gateways/app-token.ts';
import type { FindProgram } from './programs.ts';
import type { SavedConnection } from './saved-connections.ts';

type Access = Pick<ConnectionRow, 'address' | 'url' | 'env' | 'commands' | 'notes'>;

const closed: Access = { address: '', url: '', env: {}, commands: [], notes: [] };
const appNotes = [
  'The app sees 127.0.0.1 as its name. Redirects to its public address leave this connection, and cookies marked Secure may not work over it.',
];

/** What programs need to use an open connection: address, link, variables, command lines. */
export function describeAccess(saved: SavedConnection, port: number, kubeconfig: string, find: FindProgram): Access {
  const { target, protocol } = saved;
  const address = `${loopback}:${port}`;
  switch (target.kind) {
    case 'database': {
      const facts = protocolFacts(protocol);
      if (!facts) return { ...closed, address };
      const endpoint: Endpoint = { host: loopback, port, user: target.user || (protocol === 'redis' ? 'default' : ''), database: saved.database };
      const commands = best(facts.commands(endpoint, randomUUID()), find);
      return { address, url: facts.url(endpoint), env: commands[0]?.env ?? {}, commands, notes: [...facts.notes] };
    }
    case 'kube':
      return {
        address,
        url: `https://${address}`,
        env: { KUBECONFIG: kubeconfig },
        commands: best([{ program: 'kubectl', args: ['get', 'pods'], env: { KUBECONFIG: kubeconfig } }], find),
        notes: [],
      };
    case 'app': {
      if (protocol === 'tcp') return { ...closed, address };
      const url = addressWithToken(`http://${address}/`, saved.token);
      // What an MCP server is asked is nothing for a command line.
      if (protocol === 'mcp') return { ...closed, address, url };
      return { address, url, env: {}, commands: best([curlCommand(url)], find), notes: appNotes };
    }
    case 'forward':
      if (target.forward.type === 'remote') return { ...closed, address: `${target.forward.listen.host || 'localhost'}:${port}` };
      if (target.forward.type === 'local') return { ...closed, address };
      return { ...closed, address, url: `socks5h://${address}`, env: { ALL_PROXY: `socks5h://${address}` } };
    case 'ssh':
      return closed;
  }
}

/** What is installed comes first, otherwise in the order given. */
function best(commands: readonly Command[], find: FindProgram): ClientCommand[] {
  const described = commands.map((command) => {
    const installed = find(command.program) !== null;
    const { program, args, env = {}, runnable = true } = command;
    return {
      program,
      args: [...args],
      env: { ...env },
      text: commandText(command),
      installed,
      advice: installed ? '' : adviceFor(program),
      runnable,
    };
  });
  return [...described.filter(({ installed }) => installed), ...described.filter(({ installed }) => !installed)];
}
