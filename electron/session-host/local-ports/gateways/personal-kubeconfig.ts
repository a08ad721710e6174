import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** First file that KUBECONFIG names, else `~/.kube/config` (tsh-profile §3). */
export function personalKubeconfig(env: NodeJS.ProcessEnv): string {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '');
  return named ?? join(env['HOME'] || homedir(), '.kube', 'config');
}
