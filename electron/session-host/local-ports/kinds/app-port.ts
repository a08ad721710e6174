import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AppTarget } from '../../../../shared/model/gateway.ts';
import { curlCommand } from '../client-commands.ts';
import { addressWithToken, newToken } from '../gateways/app-token.ts';
import type { Gateway, PortProtocol } from '../gateways/gateway.ts';
import { bareAccess, installedFirst, type ProgramAccess } from '../program-access.ts';
import type { FindProgram } from '../programs.ts';
import { GatewayPort } from './gateway-port.ts';

const webNotes = [
  'The app sees 127.0.0.1 as its name. Redirects to its public address leave this connection, and cookies marked Secure may not work over it.',
];

/** A web app, an MCP server over HTTP, or a TCP app. */
export class AppPort extends GatewayPort<AppTarget> {
  readonly use = { protocol: 'app', counted: 'at-opening' } as const;

  get facts() {
    return { token: this.#canHaveToken ? this.row.saved.token !== '' : null };
  }

  async changeTargetPort(targetPort: number): Promise<void> {
    const { targetPorts } = this.row.saved;
    if (targetPorts.length > 0 && !targetPorts.some(({ port, endPort }) => targetPort >= port && targetPort <= endPort))
      throw new AppError('invalid-argument', `The app has no port ${targetPort}.`);
    this.changeTarget({ ...this.target, targetPort }, new AppError('closed', 'Another port of the app was chosen.'));
  }

  async changeToken(wanted: boolean): Promise<void> {
    if (!this.#canHaveToken) throw new AppError('invalid-argument', 'Only web apps and MCP servers can have a token.');
    this.row.remember({ token: wanted ? newToken() : '' });
  }

  programAccess(port: number, find: FindProgram): ProgramAccess {
    const { protocol, token } = this.row.saved;
    const access = bareAccess(port);
    if (protocol === 'tcp') return access;
    const url = addressWithToken(`http://${access.address}/`, token);
    // MCP clients are configured with a URL; there is no command line for them.
    if (protocol === 'mcp') return { ...access, url };
    return { ...access, url, commands: installedFirst([curlCommand(url)], find), notes: webNotes };
  }

  protected async createProtocol(gateway: Gateway): Promise<PortProtocol> {
    if (this.row.saved.protocol === 'tcp') {
      const { TunnelProtocol, tcpAppRules } = await import('../gateways/tunnel-protocol.ts');
      return new TunnelProtocol(gateway, tcpAppRules);
    }
    const { HttpProtocol } = await import('../gateways/http-protocol.ts');
    return new HttpProtocol(gateway, () => this.row.saved.token);
  }

  get #canHaveToken(): boolean {
    return ['http', 'mcp'].includes(this.row.saved.protocol);
  }
}
