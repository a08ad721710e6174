import { createPrivateKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import { type ClusterKey, clusterKey } from '../../../shared/model/cluster.ts';
import { within } from '../../lib/deadline.ts';
import type { LoginKeys } from '../../teleport/certs/keys.ts';
import { type KeyForm, loginKeyForm } from '../../teleport/connect/versions.ts';
import { keyFormRefusal } from '../../teleport/web/web-errors.ts';
import type { LoginResult, Ping } from '../../teleport/web/webapi.ts';
import { sshPrivateKeyPem } from '../profiles/openssh-key.ts';
import { type Credentials, pairsFit } from '../profiles/read-credentials.ts';
import type { ClusterCas } from '../profiles/write-login.ts';
import type { ProxyWebApi, Wire } from '../wire.ts';
import { type LoginConversation, WentBack } from './conversation.ts';
import { loginFactor, type SecondFactor } from './mfa-ceremony.ts';

/** A login that the cluster granted, ready to be stored. */
export interface GrantedLogin {
  address: string;
  /** Who the cluster says this is. */
  user: string;
  cluster: string;
  ping: Ping;
  credentials: Credentials;
  /** The root's host CAs, as they came with the login. */
  cas: ClusterCas[];
}

/** A proxy that takes logins. */
export interface LoginSite {
  address: string;
  /** Pings the proxy again; refuses proxies that Slipway cannot log in to. */
  ping(signal: AbortSignal): Promise<Ping>;
  web: ProxyWebApi;
  wire: Pick<Wire, 'generateKeys'>;
}

/**
 * How long a typed password waits in memory for the second factor. Five minutes are enough to fetch a phone; after that, an
 * unattended computer should not hold a password.
 */
export const codeWaitMs = 5 * 60_000;
/** Teleport's own default for a cluster that does not name a duration. */
const usualTtlMs = 12 * 3_600_000;
/** After these failures the person may try another code with the same password. Nothing is repeated automatically. */
const codeAgain = ['invalid-credentials', 'rate-limited', 'timeout', 'unreachable', 'offline'];

interface Started {
  user: string;
  password: string;
  ping: Ping;
  keys: Promise<LoginKeys>;
  /** The keys are sent in the form of the other versions, because the server refused the form that its version should take. */
  otherForm: boolean;
}

/** A login with password, then second factor (login-and-auth §2.1). Asks until the cluster grants it or the person ends it; rejects then. */
export async function logInLocally(person: LoginConversation, site: LoginSite): Promise<GrantedLogin> {
  let error: AppError | null = null;
  for (;;) {
    const answer = await person.ask({ step: 'password', error: error?.toData() ?? null });
    if (answer.type !== 'password') {
      error = null;
      continue;
    }
    try {
      const started = { user: answer.user, password: answer.password };
      const granted: GrantedLogin | 'back' = await withPassword(person, site, started);
      if (granted !== 'back') return granted;
      error = null;
    } catch (caught) {
      if (person.signal.aborted) throw caught;
      error = caught instanceof WentBack ? null : AppError.from(caught);
    }
  }
}

/** The part of a login that follows a typed password. `back` when the person wants to begin again. */
async function withPassword(person: LoginConversation, site: LoginSite, typed: Pick<Started, 'user' | 'password'>): Promise<GrantedLogin | 'back'> {
  const { started, factor } = await person.while(async (signal) => {
    const ping = await site.ping(signal);
    const challenge = await site.web.loginBegin(typed, ping, signal);
    const keys = newKeys(site, ping, loginKeyForm(ping.serverVersion));
    return { started: { ...typed, ping, keys, otherForm: false } as Started, factor: loginFactor(challenge) };
  });
  if (factor === 'none') return person.while((signal) => finish(site, started, '', signal));
  return withFactor(person, site, started, factor);
}

async function withFactor(
  person: LoginConversation,
  site: LoginSite,
  started: Started,
  factor: Exclude<SecondFactor, 'none'>,
): Promise<GrantedLogin | 'back'> {
  let error: AppError | null = null;
  for (;;) {
    const answer = await within(person.ask({ step: factor, error: error?.toData() ?? null }), codeWaitMs, tookTooLong);
    if (answer.type !== 'code') return 'back';
    try {
      return await person.while((signal) => finish(site, started, answer.code, signal));
    } catch (caught) {
      if (person.signal.aborted || caught instanceof WentBack || !codeAgain.includes(AppError.from(caught).code)) throw caught;
      error = AppError.from(caught);
    }
  }
}

async function finish(site: LoginSite, started: Started, totp: string, signal: AbortSignal): Promise<GrantedLogin> {
  const { user, password, ping } = started;
  const keys = await started.keys;
  const ttl = ping.defaultSessionTtl ?? usualTtlMs;
  try {
    return granted(site, started, keys, await site.web.loginFinish({ user, password, totp, ttl, ...publicKeys(keys) }, ping, signal));
  } catch (caught) {
    const error = AppError.from(caught);
    if (error.details?.refused !== keyFormRefusal || started.otherForm) throw error;
  }
  // Tried once whatever the version says, because some builds take another form than their version should.
  started.otherForm = true;
  started.keys = newKeys(site, ping, keys.keyForm === 'pair' ? 'single' : 'pair');
  try {
    return await finish(site, started, totp, signal);
  } catch (caught) {
    const error = AppError.from(caught);
    if (error.code !== 'invalid-credentials' || totp === '') throw error;
    throw new AppError(
      'invalid-credentials',
      'The cluster wants the keys of this login in an older form, and the code was used up by finding out. Wait for the next code and enter it.',
      { cause: error },
    );
  }
}

function newKeys({ wire }: LoginSite, { suite }: Ping, form: KeyForm): Promise<LoginKeys> {
  const keys = wire.generateKeys(suite, form);
  keys.catch(() => {}); // `finish` awaits the keys if it gets that far
  return keys;
}

const publicKeys = ({ sshPublicKey, tlsPublicKey, keyForm }: LoginKeys) => ({ sshPublicKey, tlsPublicKey, keyForm });

function granted({ address }: LoginSite, { ping }: Started, keys: LoginKeys, result: LoginResult): GrantedLogin {
  const root = result.hostSigners[0];
  const credentials: Credentials = {
    tlsKey: keys.tlsPrivateKey,
    tlsCert: result.tlsCertificate,
    sshKey: sshPrivateKeyPem(createPrivateKey(keys.sshPrivateKey)),
    sshPub: keys.sshPublicKey,
    sshCert: result.sshCertificate,
  };
  if (!root || !pairsFit(credentials)) {
    throw new AppError(
      'bad-response',
      'The cluster answered the login with certificates that do not fit the keys they were asked for. Try again; if it stays, tell its administrator.',
    );
  }
  const cas = result.hostSigners.map(({ cluster, sshKeys, tlsCertificates }) => ({ cluster, keys: sshKeys, certificates: tlsCertificates }));
  return { address, user: result.user, cluster: root.cluster, ping, credentials, cas };
}

const tookTooLong = () => new AppError('timeout', 'This login took too long and was put away for safety. Enter the password again.');

/** The key of a granted login. */
export const keyOfGranted = (login: GrantedLogin): ClusterKey => clusterKey(login.user, login.address);
