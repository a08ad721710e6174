import { AppError, type ErrorCode } from '../../../shared/errors/app-error.ts';
import { plainText } from '../client-errors.ts';
import { status } from './sftp-packets.ts';

/** The status that an SFTP server answered with (draft-ietf-secsh-filexfer-02 §7), when the error is one. */
export function sftpStatus(error: unknown): number | null {
  const code = error instanceof AppError ? error.details?.sftp : undefined;
  return typeof code === 'number' ? code : null;
}

const codes: Record<number, ErrorCode> = {
  [status.eof]: 'bad-response',
  [status.noSuchFile]: 'not-found',
  [status.permissionDenied]: 'access-denied',
  [status.noConnection]: 'closed',
  [status.connectionLost]: 'closed',
  [status.unsupported]: 'unsupported',
};

/** A status other than OK, as a sentence. `text` is the server's own. */
export function statusError(code: number, text: string): AppError {
  const words = plainText(text);
  const details = { sftp: code, server: words };
  if (/no space left|disk full|quota/i.test(words)) return new AppError('disk', `The server has no space left: ${words}`, { details });
  if (code === status.noSuchFile) return new AppError('not-found', sentence('The server has no such file or folder', words), { details });
  if (code === status.permissionDenied) return new AppError('access-denied', sentence('The server does not permit this', words), { details });
  if (code === status.unsupported) return new AppError('unsupported', sentence('The server cannot do this', words), { details });
  // OpenSSH uses this code for names and paths that its file system does not take, and a bare "Failure" for everything without a
  // code.
  if (code === status.badMessage) {
    const text = 'The server does not take this: a name or path is too long, or has characters that its file system does not know.';
    return new AppError('bad-response', text, { details });
  }
  if (code === status.failure && plainAnswers.test(words)) {
    const text = 'The server could not do this, and gave no reason. Its disk may be full, or something else stands in the way.';
    return new AppError('bad-response', text, { details });
  }
  return new AppError(codes[code] ?? 'bad-response', sentence('The server could not do this', words), { details });
}

const plainAnswers = /^(failure|no such file|permission denied|operation unsupported|)$/i;
const sentence = (what: string, words: string) => (plainAnswers.test(words) ? `${what}.` : `${what}: ${words}`);

/** Why there is no SFTP on this server; `text` is what it said on stderr (ssh-and-gateways §3.1). */
export function refusedSftp(text: string): AppError {
  const words = plainText(text);
  const details = { server: words };
  if (/not permitted/i.test(words))
    return new AppError(
      'access-denied',
      'Your roles or this server’s settings do not allow copying files. An administrator can allow it with the role option ssh_file_copy.',
      { details },
    );
  if (/failed to launch|unknown user/i.test(words))
    return new AppError('login-refused', `The server could not start file transfer for this login: ${words}`, { details });
  const why = words && !/subsystem request/i.test(words) ? ` It said: ${words}` : '';
  return new AppError(
    'unsupported',
    `The server refused file transfer. Teleport agents need version 10.3 or newer for it; an OpenSSH server needs its sftp subsystem.${why}`,
    { details },
  );
}

export const brokenSftp = (cause: unknown): AppError =>
  new AppError(
    'bad-response',
    'The server broke the rules of file transfer (SFTP), so Slipway ended the connection to it. Nothing it sent was kept.',
    { cause },
  );

/** One line of a start-up file, which is quoted in a sentence. */
const longestLine = 200;

/** Explains text in place of the first packet, which begins with a zero byte; null when there is no such text. */
export function printedText(bytes: Uint8Array, cause?: unknown): AppError | null {
  if (bytes.length === 0 || bytes[0] === 0) return null;
  const lines = Buffer.from(bytes)
    .toString('utf8')
    .split(/[\r\n]+/);
  const line = lines.map((one) => plainText(one).trim()).find((one) => one !== '') ?? '';
  const said = line ? ` The first line of it: “${line.slice(0, longestLine)}”` : '';
  return new AppError(
    'bad-response',
    `A start-up file of this login on the server (such as ~/.bashrc, ~/.profile or ~/.cshrc) prints text, which stands in the way of file transfer. Let it print only in interactive shells.${said}`,
    { cause, details: { server: line } },
  );
}
