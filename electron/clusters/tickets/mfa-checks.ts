import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { BackgroundReporter } from '../../lib/background.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { serverProofRefusal } from '../login/mfa-ceremony.ts';
import { serverMfaQuestion } from '../targets/server.ts';

/** Opening several tabs in a row asks only once; a changed policy is noticed after this time, and the server enforces it anyway. */
const keptMs = 5 * 60_000;
/** Opening a terminal waits for the answer, which is only a courtesy: without it, the server's own refusal follows. */
const timeoutMs = 5000;
/** Bounds the memory of a long run; a person opens fewer servers in five minutes. */
const maxKept = 5000;

/** Checks whether servers want a second factor for each session. Answers are kept for some minutes, for further tabs. */
export class MfaChecks {
  readonly #access: ClusterAccess;
  readonly #background: BackgroundReporter;
  readonly #now: () => number;
  readonly #notRequired = new Map<string, number>();

  constructor(access: ClusterAccess, background: BackgroundReporter, now: () => number) {
    this.#background = background;
    this.#access = access;
    this.#now = now;
  }

  /**
   * Throws `session-mfa` when a session on this server needs a second factor that Slipway cannot give. If the check itself fails,
   * the session goes on: the server enforces MFA anyway.
   */
  async check(target: SshTarget): Promise<void> {
    const name = JSON.stringify([target.cluster, target.leaf, target.node, target.login]);
    if ((this.#notRequired.get(name) ?? 0) > this.#now()) return;
    if (await this.#ask(target)) throw serverProofRefusal(target);
    if (this.#notRequired.size >= maxKept) this.#notRequired.clear();
    this.#notRequired.set(name, this.#now() + keptMs);
  }

  #work({ cluster }: SshTarget) {
    return { what: 'to learn whether a session wants the second factor', cluster };
  }

  async #ask(target: SshTarget): Promise<boolean> {
    const question = serverMfaQuestion(target);
    try {
      const isRequired = await this.#access.ask(target.cluster, target.leaf, (client) =>
        client.targets.isMfaRequired(question, AbortSignal.timeout(timeoutMs)),
      );
      this.#background.worked(this.#work(target));
      return isRequired;
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code === 'expired' || error.code === 'not-found') throw error;
      if (error.code === 'session-mfa') return true;
      this.#background.failed(this.#work(target), error);
      return false;
    }
  }
}
