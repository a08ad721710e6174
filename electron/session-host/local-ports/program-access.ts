import type { ClientCommand, ConnectionRow } from '../../../shared/model/gateway.ts';
import { loopback } from '../../lib/loopback/local-listener.ts';
import { adviceFor, type Command, commandText } from './client-commands.ts';
import type { FindProgram } from './programs.ts';

/** What programs need to use an open port (address, link, variables, command lines), and notes for people. */
export type ProgramAccess = Pick<ConnectionRow, 'address' | 'url' | 'env' | 'commands' | 'notes'>;

export const noAccess: ProgramAccess = { address: '', url: '', env: {}, commands: [], notes: [] };

/** For ports of which only the address is known. */
export const bareAccess = (port: number): ProgramAccess => ({ ...noAccess, address: `${loopback}:${port}` });

/** Commands as the list shows them: those whose program is installed come first, otherwise they keep their order. */
export function installedFirst(commands: readonly Command[], find: FindProgram): ClientCommand[] {
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
