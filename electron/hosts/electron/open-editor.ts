import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { desktopEditor } from './desktop-editor.ts';

const cannot = (path: string, cause?: unknown) =>
  new AppError('unsupported', `No text editor could be started. Open the copy in an editor of yours: ${path}`, { cause });

/**
 * Opens a file in the person's text editor, whatever its name. The server chose the name, and a program that opens files by their
 * kind would run scripts, shortcuts and programs. `unsupported` where no text editor is known.
 */
export async function openEditor(path: string): Promise<void> {
  const command = await editorFor(path);
  if (!command) throw cannot(path);
  const [program, ...args] = command;
  await new Promise<void>((resolve, reject) => {
    const started = spawn(program!, args, { detached: true, stdio: 'ignore' });
    started.once('error', (cause) => reject(cannot(path, cause)));
    started.once('spawn', () => {
      started.unref();
      resolve();
    });
  });
}

/** Only absolute paths: a program with the editor's name in the current folder is not the system's editor. */
async function editorFor(path: string): Promise<string[] | null> {
  if (process.platform === 'darwin') return ['/usr/bin/open', '-t', path];
  if (process.platform === 'win32') return [join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'notepad.exe'), path];
  return desktopEditor(path);
}
