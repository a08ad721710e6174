import { platform } from 'node:os';
import { isAbsolute, relative } from 'node:path';
import type { appCalls as contract } from '../../shared/contract/app.ts';
import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Handlers } from '../../shared/ipc/server.ts';
import { listeningPath } from '../cli/control-path.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { StateStore } from '../settings/state-store.ts';
import type { AppControl } from './control/app-control.ts';
import { cryptoStep, type DiagnosticStep, folderStep, runDiagnostics } from './diagnostics/diagnostics.ts';
import { sshStep } from './diagnostics/ssh-self-test.ts';
import type { HomeFolders } from './home-folders.ts';
import type { HostFacilities } from './host-facilities.ts';
import { checkLink } from './link-check.ts';

interface AppCallsOptions {
  folders: HomeFolders;
  facilities: HostFacilities;
  settings: SettingsStore;
  state: StateStore;
  control: Pick<AppControl, 'sshConfig'>;
}

/** The calls about the app itself: where it runs, its settings and saved tabs, and what the host does for the page. */
export function appCalls({
  folders,
  facilities,
  settings,
  state,
  control,
}: AppCallsOptions): Pick<Handlers<MainContract>['calls'], keyof typeof contract> {
  const steps: DiagnosticStep[] = [
    { name: 'Versions', run: () => describeVersions(facilities) },
    folderStep('Data folder can be written', folders.home),
    folderStep('Logs folder can be written', folders.logs),
    { name: 'Settings and state files', run: () => noProblems(settings.topic.get().problems) },
    cryptoStep,
    sshStep,
  ];
  return {
    'app.info': () => ({
      version: facilities.version,
      platform: knownPlatform(),
      host: facilities.host,
      electron: facilities.electron,
      node: process.versions.node,
      logsFolder: folders.logs,
      screenReader: facilities.screenReader.get(),
      homeFolder: folders.home,
    }),
    'app.open-logs': async () => {
      await facilities.openFolder(folders.logs);
      return { folder: folders.logs };
    },
    'app.open-editor': async ({ path }) => {
      const below = relative(folders.editedFiles, path);
      if (below === '' || below.startsWith('..') || isAbsolute(below) || !isAbsolute(path))
        throw new AppError('invalid-argument', 'Only files that are being edited can be opened.');
      await facilities.openEditor(path);
      return null;
    },
    'app.choose-folder': async ({ path }) => ({ path: await facilities.chooseFolder(path) }),
    'app.drag-out': async ({ paths }) => {
      await facilities.dragOut(paths);
      return null;
    },
    'app.open-link': async ({ url }) => {
      await facilities.openLink(checkLink(url));
      return null;
    },
    'app.diagnostics': async () => ({ steps: await runDiagnostics(steps) }),
    'ssh.config': async (_input, { signal }) => ({ text: await control.sshConfig('with-capitals', signal) }),
    'ssh.agent-socket': () => ({ path: listeningPath(folders.home, 'agent') }),
    'settings.update': async (patch) => {
      await settings.update(patch);
      return null;
    },
    'workspace.load': () => state.workspace,
    'workspace.save': async (workspace) => {
      await state.save(workspace);
      return null;
    },
  };
}

function knownPlatform(): 'darwin' | 'win32' | 'linux' | 'other' {
  const name = platform();
  return name === 'darwin' || name === 'win32' || name === 'linux' ? name : 'other';
}

function describeVersions({ version, electron }: HostFacilities): string {
  return [
    `Slipway ${version}`,
    ...(electron ? [`Electron ${electron}`] : []),
    `Node ${process.versions.node}`,
    `OpenSSL ${process.versions.openssl}`,
  ].join(', ');
}

function noProblems(problems: readonly string[]): string {
  if (problems.length > 0) throw new Error(problems.join(' '));
  return 'Read in full';
}
