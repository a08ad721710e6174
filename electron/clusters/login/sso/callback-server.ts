import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { boundPort } from '../../../lib/loopback/local-listener.ts';
import { refuseForeign } from '../../../lib/loopback/request-origin.ts';
import { cleanText } from '../../../teleport/connect/clean-text.ts';
import { openSealed } from './sealed-answer.ts';

/** Where the person's browser comes back to when it has logged in. */
export interface CallbackServer {
  /** What the cluster is told to send the browser to. Holds the key that its answer is sealed with. */
  readonly redirectUrl: string;
  /** What the browser is to open. Short, so that a person can type it, and it leads on to what `leadTo` was given. */
  readonly startUrl: string;
  leadTo(target: BrowserTarget): void;
  /** What the cluster sealed for this login. Rejects when the cluster says that it failed. */
  readonly answer: Promise<string>;
  close(): void;
}

/** The identity provider's page, or a page that takes the browser there by posting a form. */
export type BrowserTarget = { url: string } | { form: string };

/** A callback address carries certificates and grows with roles and CAs: 10 KB with one role, and Node answers 431 from 16 KiB on. As much as Teleport's own client takes. */
const maxHeaderBytes = 1024 * 1024;
/** A browser opens a handful of connections; more are not its. */
const maxConnections = 32;
/** What a cluster says about a failed login stands in a dialog. */
const maxReason = 300;

/**
 * Listens on loopback until closed (login-and-auth §2.4). Any program and any page of this computer can call it, so a call counts only when it was sealed with
 * this login's key, or when a failure names that key; all others are refused, and the waiting goes on. `web` is the proxy's `host:port`, whose pages say in the browser
 * how it ended.
 */
export async function listenForCallback(web: string): Promise<CallbackServer> {
  const key = randomBytes(32);
  const startPath = `/${randomUUID()}`;
  let target: BrowserTarget | null = null;
  let resolve!: (plain: string) => void;
  let reject!: (error: AppError) => void;
  const answer = new Promise<string>((...settle) => {
    [resolve, reject] = settle;
  });
  answer.catch(() => {}); // the caller may have given up before it asked for it
  const server = createServer({ maxHeaderSize: maxHeaderBytes, headersTimeout: 10_000, requestTimeout: 20_000 }, (request, response) => {
    request.resume();
    const port = boundPort(server);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Referrer-Policy', 'no-referrer');
    const base = `http://127.0.0.1:${port}`;
    const url = URL.canParse(request.url ?? '', base) ? new URL(request.url ?? '', base) : null;
    if (url?.pathname === '/callback') return onCallback(request, response, url.searchParams);
    const refusal = refuseForeign({ method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders }, port);
    if (refusal) return end(response, refusal.status, refusal.text);
    if (url?.pathname !== startPath || request.method !== 'GET') return end(response, 404, 'There is nothing here.\n');
    if (!target) return end(response, 503, 'Slipway is not ready yet. Try again in a moment.\n');
    lead(response, target);
  });
  server.maxConnections = maxConnections;

  function onCallback(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    // The proxy's own page may call it, by script too.
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (request.method === 'OPTIONS') return end(response, 204, '');
    if (request.method !== 'GET' && request.method !== 'POST') return end(response, 405, 'Only GET and POST.\n');
    const sealed = query.get('response');
    const plain = sealed === null ? null : openSealed(sealed, key);
    if (plain !== null) {
      redirect(response, `https://${web}/web/msg/info/login_success`);
      return resolve(plain);
    }
    const failure = query.get('err');
    if (failure === null || !isKey(query.get('secret_key'), key)) return end(response, 400, 'This answer is not for a login of Slipway.\n');
    redirect(response, `https://${web}/web/msg/error/login`);
    reject(failed(failure));
  }

  await new Promise<void>((listening, refused) => {
    server.once('error', (cause) =>
      refused(new AppError('unreachable', 'No port of this computer could be opened for the answer of the browser. Try again.', { cause })),
    );
    server.listen(0, '127.0.0.1', listening);
  });
  const port = boundPort(server);
  return {
    redirectUrl: `http://127.0.0.1:${port}/callback?secret_key=${key.toString('hex')}`,
    startUrl: `http://127.0.0.1:${port}${startPath}`,
    leadTo: (given) => {
      target = given;
    },
    answer,
    close: () => {
      server.close();
      // The browser is still being sent to the page that says how it ended.
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref();
    },
  };
}

function lead(response: ServerResponse, target: BrowserTarget): void {
  if ('url' in target) return redirect(response, target.url);
  // The page is the cluster's. It may run its own script, which posts the form, and load nothing.
  response.setHeader('Content-Security-Policy', "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(target.form);
}

function redirect(response: ServerResponse, url: string): void {
  response.writeHead(302, { Location: url, Connection: 'close' }).end();
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(text);
}

function isKey(given: string | null, key: Buffer): boolean {
  const bytes = Buffer.from(given ?? '', 'hex');
  return bytes.length === key.length && timingSafeEqual(bytes, key);
}

function failed(reason: string): AppError {
  const said = cleanText(reason, maxReason);
  return new AppError('access-denied', `The login in the browser failed${said ? `: ${said}` : ''}. Try again, or ask the cluster’s administrator.`);
}
