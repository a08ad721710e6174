import { randomUUID } from 'node:crypto';
import type { DatabaseTarget } from '../../../../shared/model/gateway.ts';
import { loopback } from '../../../lib/loopback/local-listener.ts';
import { type Endpoint, httpDatabases, protocolFacts } from '../client-commands.ts';
import type { Gateway, PortProtocol } from '../gateways/gateway.ts';
import { bareAccess, installedFirst, type ProgramAccess } from '../program-access.ts';
import type { FindProgram } from '../programs.ts';
import { GatewayPort } from './gateway-port.ts';

/** A database as one of its users. */
export class DatabasePort extends GatewayPort<DatabaseTarget> {
  readonly use = { protocol: 'db', counted: 'at-opening' } as const;

  get facts() {
    const { protocol, database } = this.row.saved;
    return { database: protocolFacts(protocol)?.namesDatabase ? database : null };
  }

  async changeDatabase(database: string): Promise<void> {
    this.row.remember({ database });
  }

  programAccess(port: number, find: FindProgram): ProgramAccess {
    const { protocol, database } = this.row.saved;
    const facts = protocolFacts(protocol);
    if (!facts) return bareAccess(port);
    const endpoint: Endpoint = { host: loopback, port, user: this.target.user || (protocol === 'redis' ? 'default' : ''), database };
    const commands = installedFirst(facts.commands(endpoint, randomUUID()), find);
    return { ...bareAccess(port), url: facts.url(endpoint), env: commands[0]?.env ?? {}, commands, notes: [...facts.notes] };
  }

  protected async createProtocol(gateway: Gateway): Promise<PortProtocol> {
    const { protocol } = this.row.saved;
    if (httpDatabases.has(protocol)) {
      const { HttpProtocol } = await import('../gateways/http-protocol.ts');
      return new HttpProtocol(gateway, () => '');
    }
    const { TunnelProtocol, databaseRules } = await import('../gateways/tunnel-protocol.ts');
    return new TunnelProtocol(gateway, databaseRules(protocol, protocolFacts(protocol) ?? { serverFirst: true, noTls: 'turn off TLS' }));
  }
}
