import { randomBytes } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { type ClusterKey, type Connector, parseClusterKey } from '../../../../shared/model/cluster.ts';
import { orAborted, within } from '../../../lib/deadline.ts';
import { loginKeyForm } from '../../../teleport/connect/versions.ts';
import { keyFormRefusal } from '../../../teleport/web/web-errors.ts';
import type { LoginConversation } from '../conversation.ts';
import { type GrantedLogin, grantedLogin, type LoginSite, newKeys, publicKeys, ttlOf } from '../granted-login.ts';
import { type CallbackServer, listenForCallback } from './callback-server.ts';

/** What the computer does for a login in the browser. */
export interface BrowserFacilities {
  /** Starts the person's browser with an address; false where none can be started. */
  openBrowser(url: string): Promise<boolean>;
  /** Brings Slipway to the front again. */
  focusApp(): void;
}

/** As long as Teleport's own clients wait, and the cluster keeps a login open. */
export const browserWaitMs = 180_000;

/**
 * Single sign-on in the person's browser (login-and-auth §2.4), for the login of `key`. Resolves when the browser has come back with what the cluster granted;
 * rejects when it was refused, took too long, or ended with somebody else than `key` names.
 */
export function logInBySso(
  person: LoginConversation,
  site: LoginSite,
  options: { key: ClusterKey; connector: Connector; browser: BrowserFacilities },
): Promise<GrantedLogin> {
  const { key, connector, browser } = options;
  return person.while(async (signal) => {
    const callback = await listenForCallback(site.address);
    try {
      const { ping, keys } = await begin(site, connector, callback, signal);
      const opened = await browser.openBrowser(callback.startUrl);
      person.tell({ step: 'browser', connector, url: callback.startUrl, opened });
      const answer = callback.answer.finally(() => browser.focusApp());
      answer.catch(() => {}); // the wait for it reports the failure, unless it was given up before
      const plain = await within(orAborted(answer, signal), browserWaitMs, tookTooLong);
      const { type, name } = connector;
      const granted = await grantedLogin(site, { ping, keys, connector: { type, name } }, site.web.readLogin(plain));
      refuseOtherUser(key, granted.user);
      return granted;
    } finally {
      callback.close();
    }
  });
}

/** Asks the cluster where the browser is to go. */
async function begin(site: LoginSite, connector: Connector, callback: CallbackServer, signal: AbortSignal) {
  const ping = await site.ping(signal);
  // A login of its own gets a verifier of its own. Servers that know nothing of it ignore it.
  const verifier = randomBytes(32).toString('base64url');
  const ask = async (form: 'single' | 'pair') => {
    const keys = await newKeys(site, ping, form);
    const asked = { connector, redirectUrl: callback.redirectUrl, verifier, ttl: ttlOf(ping), ...publicKeys(keys) };
    callback.leadTo(await site.web.ssoBegin(asked, ping, signal));
    return { ping, keys };
  };
  const form = loginKeyForm(ping.serverVersion);
  try {
    return await ask(form);
  } catch (caught) {
    // There are builds that take another form than their version's.
    if (AppError.from(caught).details?.refused !== keyFormRefusal) throw caught;
    return ask(form === 'pair' ? 'single' : 'pair');
  }
}

/** The browser may be logged in to the provider as somebody else than the person chose here. */
function refuseOtherUser(key: ClusterKey, user: string): void {
  const wanted = parseClusterKey(key).user;
  if (wanted === '' || wanted === user) return;
  throw new AppError(
    'invalid-credentials',
    `The browser logged in as ${user}, but this login is for ${wanted}. Log out of the identity provider in the browser and try again, or add the cluster once more to use it as ${user}.`,
    { details: { wanted, user } },
  );
}

const tookTooLong = () => new AppError('timeout', 'Nobody finished the login in the browser within three minutes. Try again.');
