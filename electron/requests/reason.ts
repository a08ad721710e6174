import { AppError } from '../../shared/errors/app-error.ts';
import { maxReasonBytes } from '../../shared/model/access-request.ts';

/** A reason as it is sent: line ends as one kind, no other control characters. Longer than the server takes is refused here, with the size. */
export function checkReason(text: string): string {
  const reason = text
    .replace(/\r\n?/g, '\n')
    // Control characters have no meaning in a reason, and could change what a reader sees in a terminal.
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  const size = Buffer.byteLength(reason);
  if (size > maxReasonBytes) {
    throw new AppError('invalid-argument', `The reason is ${size} bytes long; the cluster takes ${maxReasonBytes}. Shorten it.`);
  }
  return reason;
}
