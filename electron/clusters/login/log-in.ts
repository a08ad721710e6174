import { AppError } from '../../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { LoginAnswer } from '../../../shared/model/login.ts';
import { type LoginConversation, WentBack } from './conversation.ts';
import type { GrantedLogin, LoginSite } from './granted-login.ts';
import { logInWithPassword } from './local-login.ts';
import type { BrowserFacilities } from './sso/sso-login.ts';

/** A login in whichever way the person chooses. Asks until the cluster grants it or the person ends it; rejects then. */
export async function logIn(person: LoginConversation, site: LoginSite, key: ClusterKey, browser: BrowserFacilities): Promise<GrantedLogin> {
  let error: AppError | null = null;
  for (;;) {
    const answer = await person.ask({ step: 'password', error: error?.toData() ?? null });
    error = null;
    try {
      const granted: GrantedLogin | 'back' = await chosenLogin(answer);
      if (granted !== 'back') return granted;
    } catch (caught) {
      if (person.signal.aborted) throw caught;
      error = caught instanceof WentBack ? null : AppError.from(caught);
    }
  }

  async function chosenLogin(answer: LoginAnswer): Promise<GrantedLogin | 'back'> {
    if (answer.type === 'password') return logInWithPassword(person, site, { user: answer.user, password: answer.password });
    if (answer.type !== 'sso') return 'back';
    // Loaded when it is wanted: a web server is of no use to the first paint.
    const { logInBySso } = await import('./sso/sso-login.ts');
    return logInBySso(person, site, { key, connector: answer.connector, browser });
  }
}
