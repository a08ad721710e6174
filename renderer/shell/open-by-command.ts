import * as z from 'zod';
import { sshTargetSchema } from '../../shared/model/document.ts';
import { gatewayTargetSchema } from '../../shared/model/gateway.ts';
import type { AppState } from '../state/app-state.ts';
import { openAndShow, openKubeTerminal } from '../workbench/connection-actions.ts';
import { sshDocument } from '../workbench/documents.ts';

const wantedSchema = z.discriminatedUnion('kind', [z.object({ kind: z.literal('ssh'), target: sshTargetSchema }), ...gatewayTargetSchema.options]);

/** Opens what the command line requested. False when the argument names nothing that can be opened. */
export function openByCommand(app: AppState, argument: string): boolean {
  let json: unknown;
  try {
    json = JSON.parse(argument);
  } catch {
    return false;
  }
  const wanted = wantedSchema.safeParse(json);
  if (!wanted.success) return false;
  if (wanted.data.kind === 'ssh') app.workspace.getState().open(sshDocument(wanted.data.target, 'search_bar'));
  else if (wanted.data.kind === 'kube') void openKubeTerminal(app, wanted.data, 'search_bar');
  else void openAndShow(app, wanted.data, 'search_bar');
  return true;
}
