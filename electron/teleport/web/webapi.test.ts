import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type LocalServer, listen, startHttps, startTls } from '../../../test/wire/servers.ts';
import { loginKeyForm } from '../connect/versions.ts';
import { findProxy } from './find-proxy.ts';
import { webRequest } from './web-request.ts';
import { WebApi } from './webapi.ts';

const ping = JSON.stringify({ auth: null, proxy: { ssh: null, tls_routing_enabled: true }, server_version: '16.4.2', cluster_name: 'c' });
const login = {
  user: 'alice',
  password: 'pässword',
  totp: '123456',
  sshPublicKey: 'ssh-rsa AAAA\n',
  tlsPublicKey: 'PEM',
  keyForm: 'pair' as const,
  ttl: 1000,
};
const answer = JSON.stringify({
  username: 'alice',
  cert: 'YQ==',
  tls_cert: 'Yg==',
  host_signers: [{ domain_name: 'c', checking_keys: null, tls_certs: ['Yw=='] }],
});

let running: LocalServer | undefined;
afterEach(() => running?.close());

/** Answers every TLS connection with these bytes, then does what the test says. */
async function raw(text: string, after: 'end' | 'destroy' = 'end'): Promise<WebApi> {
  running = await startTls((socket) => {
    socket.once('data', () => {
      socket.write(text);
      if (after === 'end') socket.end();
      if (after === 'destroy') setTimeout(() => socket.destroy(), 50);
    });
  });
  return new WebApi({ address: running.address, trust: running.fingerprint });
}
const http = (body: string, headers = '') => `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => `${error.name} ${error.code}`,
  );

describe('hostile answers', () => {
  it.each([
    ['wrong JSON', http('{"auth":'), 'end'],
    ['JSON of something else', http('[1,2,3]'), 'end'],
    ['no version', http(JSON.stringify({ cluster_name: 'c' })), 'end'],
    ['wrong types', http(JSON.stringify({ server_version: 5, cluster_name: {} })), 'end'],
    ['nothing at all', http(''), 'end'],
    ['a content length that promises more', http(ping, `Content-Length: ${ping.length + 10}\r\n`), 'end'],
    ['a content length that promises less', http(ping, `Content-Length: ${ping.length - 10}\r\n`), 'end'],
    ['a cut connection', http(ping.slice(0, 20), `Content-Length: ${ping.length}\r\n`), 'destroy'],
    ['a broken chunk', http('zz\r\nhello', 'Transfer-Encoding: chunked\r\n'), 'end'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'end'],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(2000)}`, 'end'],
    ['a huge body', http('x'.repeat(3 * 1024 * 1024)), 'end'],
    ['deep JSON', http('['.repeat(200_000)), 'end'],
  ] as const)('%s is a bad response', async (_name, text, after) => {
    expect(await code((await raw(text, after)).ping())).toBe('AppError bad-response');
  });

  it('a web page is no Teleport proxy', async () => {
    const page = '<html>hello</html>';
    expect(await code((await raw(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${page}`)).ping())).toBe('AppError not-a-proxy');
    await running!.close();
    expect(await code((await raw(`HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n${page}`)).ping())).toBe('AppError not-a-proxy');
    await running!.close();
    expect(await code((await raw('HTTP/1.1 302 Found\r\nLocation: https://elsewhere.test/\r\n\r\n')).ping())).toBe('AppError not-a-proxy');
  });

  it('an answer that never comes is given up when the caller does', async () => {
    const abort = new AbortController();
    running = await startTls((socket) => {
      socket.once('data', () => socket.write(http('{"auth"'), () => abort.abort()));
    });
    const api = new WebApi({ address: running.address, trust: running.fingerprint });
    expect(await code(api.ping(abort.signal))).toBe('AppError cancelled');
  });

  it('an answer that drips in is given up in time', async () => {
    running = await startTls((socket) => {
      socket.write(http('', `Content-Length: 100000\r\n`));
      const timer = setInterval(() => socket.write(' '), 20);
      socket.once('close', () => clearInterval(timer));
    });
    const target = { address: running.address, trustedFingerprint: running.fingerprint };
    expect(await code(webRequest(target, { method: 'GET', path: '/webapi/ping', timeoutMs: 300 }))).toBe('AppError timeout');
  });

  it('null lists and unknown keys are accepted', async () => {
    expect(await (await raw(http(ping))).ping()).toMatchObject({ serverVersion: '16.4.2', suite: 'legacy', secondFactor: 'on', tlsRouting: true });
    await running!.close();
    const result = await (await raw(http(answer))).loginFinish(login, { serverVersion: '19.0.0', secondFactor: 'on' });
    expect(result).toEqual({
      user: 'alice',
      sshCertificate: 'a',
      tlsCertificate: 'b',
      hostSigners: [{ cluster: 'c', sshKeys: [], tlsCertificates: ['c'] }],
    });
  });

  it('a login without host signers or certificates is refused', async () => {
    const server = { serverVersion: '19.0.0', secondFactor: 'on' } as const;
    for (const part of [{ host_signers: [] }, { host_signers: null }, { cert: null }, { tls_cert: null }]) {
      expect(await code((await raw(http(JSON.stringify({ ...JSON.parse(answer), ...part })))).loginFinish(login, server))).toBe(
        'AppError bad-response',
      );
      await running!.close();
    }
  });

  it('text for people is cleaned and cut', async () => {
    const motd = await (await raw(http(JSON.stringify({ Text: `Hi\n\u202Eevil\u001b[31m${'x'.repeat(20_000)}` })))).motd();
    expect(motd.length).toBeLessThanOrEqual(10_000);
    expect(motd.startsWith('Hi\nevil[31mxxx')).toBe(true);
  });
});

describe('login bodies by server version', () => {
  it.each([
    ['15.4.0', 'otp', '/webapi/ssh/certs', ['otp_token', 'pub_key']],
    ['16.5.1', 'on', '/webapi/mfa/login/finish', ['totp_code', 'pub_key']],
    ['17.0.0-dev', 'on', '/webapi/mfa/login/finish', ['totp_code', 'pub_key']],
    ['17.0.0', 'on', '/webapi/mfa/login/finish', ['totp_code', 'ssh_pub_key', 'tls_pub_key']],
    ['18.2.0-rc.1', 'otp', '/webapi/mfa/login/finish', ['totp_code', 'ssh_pub_key', 'tls_pub_key']],
    ['19.0.0', 'webauthn', '/webapi/mfa/login/finish', ['totp_code', 'ssh_pub_key', 'tls_pub_key']],
  ] as const)('Teleport %s with %s', async (serverVersion, secondFactor, path, fields) => {
    let seen = { url: '', body: {} as Record<string, unknown> };
    running = await startHttps((request, response, body) => {
      seen = { url: request.url ?? '', body: JSON.parse(body) };
      response.end(answer);
    });
    await new WebApi({ address: running.address, trust: running.fingerprint }).loginFinish(
      { ...login, keyForm: loginKeyForm(serverVersion) },
      { serverVersion, secondFactor },
    );
    expect(seen.url).toBe(path);
    expect(
      Object.keys(seen.body)
        .filter((key) => /key|totp|otp/.test(key))
        .sort(),
    ).toEqual([...fields].sort());
    expect(seen.body).toMatchObject({ user: 'alice', password: 'pässword', ttl: 1_000_000_000 });
  });

  it('asks servers up to 16 without WebAuthn for nothing before the code', async () => {
    const api = new WebApi({ address: 'localhost:1' });
    expect(await api.loginBegin(login, { serverVersion: '14.0.0', secondFactor: 'off' })).toEqual({ totp: false, webauthn: false });
    expect(await api.loginBegin(login, { serverVersion: '16.0.0', secondFactor: 'otp' })).toEqual({ totp: true, webauthn: false });
  });
});

describe('certificates of the web listener', () => {
  it('sends nothing to a server that is not trusted, and says what a person needs to decide', async () => {
    let bytes = 0;
    running = await startTls((socket) => socket.on('data', (chunk) => (bytes += chunk.length)));
    const api = new WebApi({ address: running.address });
    const error = await api.loginBegin(login, { serverVersion: '19.0.0', secondFactor: 'on' }).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'untrusted-certificate', details: { address: running.address, fingerprint: running.fingerprint } });
    expect(Object.keys(error.details)).toEqual(expect.arrayContaining(['subject', 'issuer', 'validFrom', 'validTo']));
    const other = await new WebApi({ address: running.address, trust: `${'AA:'.repeat(31)}AA` }).ping().catch((caught) => caught);
    expect(other).toMatchObject({ code: 'untrusted-certificate', message: expect.stringContaining('not the one you chose') });
    expect(bytes).toBe(0);
  });
});

describe('finding a proxy', () => {
  it('finds one that listens on an odd port and whose fingerprint is trusted', async () => {
    running = await startHttps((_request, response) => response.end(ping));
    const found = await findProxy(` https://LOCALHOST:${running.port}/web/login `, { trustedFingerprint: running.fingerprint });
    expect(found).toMatchObject({ address: running.address, ping: { clusterName: 'c' } });
    expect(await code(findProxy(running.address))).toBe('AppError untrusted-certificate');
  });

  it.each([
    ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a plain web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('says that %s is the wrong port', async (_name, banner) => {
    running = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.end(banner);
      }),
    );
    expect(await code(findProxy(`127.0.0.1:${running.port}`))).toBe('AppError wrong-port');
  });

  it('says when nothing listens, when there is no such name, and when it was cancelled', async () => {
    running = await listen(createServer());
    const { port } = running;
    await running.close();
    expect(await code(findProxy(`127.0.0.1:${port}`))).toBe('AppError unreachable');
    expect(await code(findProxy('nowhere.invalid'))).toBe('AppError name-not-resolved');
    expect(await code(findProxy('127.0.0.1:1', { signal: AbortSignal.abort() }))).toBe('AppError cancelled');
  });
});

describe('where single sign-on leads', () => {
  const begin = async (body: object) => {
    const api = await raw(http(JSON.stringify(body)));
    const { user: _user, password: _password, totp: _totp, ...keys } = login;
    const asked = { ...keys, connector: { type: 'oidc', name: 'x' }, redirectUrl: 'http://127.0.0.1:1/callback', verifier: 'v' } as const;
    return api.ssoBegin(asked, { serverVersion: '18.0.0', secondFactor: 'on' });
  };

  it.each([
    ['https://idp.example.com/a?b=c', 'https://idp.example.com/a?b=c'],
    ['http://localhost:8080/a', 'http://localhost:8080/a'],
    // As no header may have it: a line break, letters beyond Latin.
    ['https://idp.example.com/a\r\nSet-Cookie: x=1', 'https://idp.example.com/aSet-Cookie:%20x=1'],
    ['https://idp.example.com/ключ?я=1', 'https://idp.example.com/%D0%BA%D0%BB%D1%8E%D1%87?%D1%8F=1'],
  ])('%j is opened as %s', async (redirect_url, url) => {
    expect(await begin({ redirect_url })).toEqual({ url });
  });

  it.each(['', 'javascript:alert(1)', 'file:///etc/passwd', 'http://idp.example.com/', 'smb://x/y', '//x', 'https://'])(
    '%j is not opened',
    async (redirect_url) => {
      expect(await code(begin({ redirect_url }))).toBe('AppError bad-response');
    },
  );

  it('a form goes before the address', async () => {
    expect(await begin({ redirect_url: 'javascript:1', post_form: Buffer.from('<form>').toString('base64') })).toEqual({ form: '<form>' });
  });
});
