import { spawn } from 'node:child_process';
import { shell } from 'electron';
import { AppError } from '../../../shared/errors/app-error.ts';

const cannot = (path: string, cause?: unknown) =>
  new AppError('unsupported', `No text editor could be started. Open the copy in an editor of yours: ${path}`, { cause });

/**
 * Opens a file in the person's text editor. On macOS and Windows the editor is named, since what opens a file there by its
 * kind would run scripts and programs.
 */
export async function openEditor(path: string): Promise<void> {
  if (process.platform !== 'darwin' && process.platform !== 'win32') {
    if (await shell.openPath(path)) throw cannot(path);
    return;
  }
  const [command, args] = process.platform === 'darwin' ? ['open', ['-t', path]] : ['notepad.exe', [path]];
  await new Promise<void>((resolve, reject) => {
    const started = spawn(command as string, args as string[], { detached: true, stdio: 'ignore' });
    started.once('error', (cause) => reject(cannot(path, cause)));
    started.once('spawn', () => {
      started.unref();
      resolve();
    });
  });
}
