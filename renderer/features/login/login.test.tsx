// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FakeWorld } from '../../fakes/fake-app.ts';
import type { FakeLogin } from '../../fakes/fake-login.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { sampleAuthSettings, sampleCluster } from '../../fakes/samples.ts';
import { openDocuments } from '../../state/tabs.ts';
import { withRelogin } from '../../workbench/with-relogin.ts';

const key = '@teleport.example.com:443';
const done = 'ada@teleport.example.com:443';
let dispose = () => {};
afterEach(() => dispose());

async function setUp(calls: FakeWorld['calls'] = {}, cluster = sampleCluster({ key, user: '', status: 'signed-out' }), login: FakeLogin = {}) {
  const password = vi.fn(login.password ?? (() => 'code' as const));
  const code = vi.fn(login.code ?? (() => 'done' as const));
  const app = await renderApp({
    clusters: [cluster],
    calls: { 'clusters.add': () => ({ key }), ...calls },
    login: { key: done, ...login, password, code },
  });
  dispose = app.dispose;
  const openLogin = () => app.app.dialogs.getState().ask({ kind: 'login', cluster: key, reason: '' });
  const typePassword = async () => {
    await app.user.type(await screen.findByLabelText('Username'), ' ada ');
    await app.user.type(screen.getByLabelText('Password'), 'hunter2{Enter}');
  };
  return { ...app, password, code, openLogin, typePassword };
}

const untrusted = new AppError('untrusted-certificate', 'Unknown authority.', {
  details: { fingerprint: 'AA:BB', subject: 'CN=proxy', issuer: 'CN=ca', validFrom: '2026-01-01T00:00:00Z', validTo: '2027-01-01T00:00:00Z' },
});

describe('login', () => {
  test('password, then a pasted code, answers with the key', async () => {
    const { user, openLogin, typePassword, password, code: given } = await setUp();
    const answer = openLogin();
    await typePassword();
    const code = await screen.findByLabelText('Authentication code');
    expect(document.activeElement).toBe(code);
    expect(password).toHaveBeenCalledWith('ada', 'hunter2');
    await user.paste('123 456');
    expect(await answer).toBe(done);
    expect(given).toHaveBeenCalledWith('123456');
  });

  test('a wrong code says so, empties the field and can be tried again', async () => {
    const { user, openLogin, typePassword, code: given } = await setUp();
    given.mockImplementationOnce(() => {
      throw new AppError('invalid-credentials', 'The code is wrong.');
    });
    const answer = openLogin();
    await typePassword();
    await user.type(await screen.findByLabelText('Authentication code'), '111111');
    expect((await screen.findByRole('alert')).textContent).toContain('The code is wrong.');
    const code = screen.getByLabelText<HTMLInputElement>('Authentication code');
    await waitFor(() => expect(code.value).toBe(''));
    await user.type(code, '222222');
    expect(await answer).toBe(done);
    expect(given).toHaveBeenCalledTimes(2);
  });

  test('without a second factor the password is enough', async () => {
    const { openLogin, typePassword, code } = await setUp({}, undefined, { password: () => 'done' });
    const answer = openLogin();
    await typePassword();
    expect(await answer).toBe(done);
    expect(code).not.toHaveBeenCalled();
  });

  test('an account with a security key only is told what to do', async () => {
    const keyOnly = new AppError('second-factor-unsupported', 'This account confirms logins with a security key only.');
    const { openLogin, typePassword, code } = await setUp({}, undefined, {
      password: () => {
        throw keyOnly;
      },
    });
    void openLogin();
    await typePassword();
    expect((await screen.findByRole('alert')).textContent).toContain('security key');
    expect(code).not.toHaveBeenCalled();
  });

  test('cancel while it runs gives that up and keeps the dialog; once more closes it', async () => {
    const givenUp = vi.fn();
    const { user, openLogin, typePassword, password } = await setUp({}, undefined, { password: () => 'wait', givenUp });
    const answer = openLogin();
    await typePassword();
    await waitFor(() => expect(password).toHaveBeenCalled());
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(givenUp).toHaveBeenCalledTimes(1));
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(await answer).toBeNull();
  });

  test('the message of the day comes first and must be acknowledged', async () => {
    const { user, openLogin } = await setUp({ 'clusters.auth-settings': () => ({ ...sampleAuthSettings, motd: 'Be kind.' }) });
    void openLogin();
    await screen.findByText('Be kind.');
    expect(screen.queryByLabelText('Username')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Acknowledge' }));
    await screen.findByLabelText('Username');
  });

  const okta = { type: 'saml', name: 'okta', display: 'Company Okta' } as const;

  test('a cluster with single sign-on only: by keys alone to the browser, and back', async () => {
    const givenUp = vi.fn();
    const openLink = vi.fn((_input: { url: string }) => null);
    const { user, openLogin } = await setUp(
      {
        'clusters.auth-settings': () => ({ ...sampleAuthSettings, localAuth: false, connectors: [okta] }),
        'app.open-link': (input) => openLink(input),
      },
      undefined,
      { givenUp, browserOpens: false },
    );
    const answer = openLogin();
    const button = await screen.findByRole('button', { name: 'Company Okta' });
    await waitFor(() => expect(document.activeElement).toBe(button));
    expect(screen.queryByLabelText('Password')).toBeNull();
    await user.keyboard('{Enter}');
    expect((await screen.findByText(/^Open your browser/)).textContent).toContain('Open your browser to log in with Company Okta');
    const start = screen.getByRole('button', { name: 'Open browser' });
    expect(document.activeElement).toBe(start);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(openLink).toHaveBeenCalledWith({ url: 'http://127.0.0.1:49152/made-up' }));
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await screen.findByRole('button', { name: 'Company Okta' });
    expect(givenUp).toHaveBeenCalled();
    await user.keyboard('{Escape}');
    expect(await answer).toBeNull();
  });

  test('why a single sign-on failed stands above the buttons, and a name with markup is text', async () => {
    const connector = { ...okta, display: '<b>Okta</b>' };
    const { user, openLogin } = await setUp(
      { 'clusters.auth-settings': () => ({ ...sampleAuthSettings, localAuth: false, connectors: [connector] }) },
      undefined,
      {
        sso: () => {
          throw new AppError('access-denied', 'The login in the browser failed: not in the group.');
        },
      },
    );
    void openLogin();
    await user.click(await screen.findByRole('button', { name: '<b>Okta</b>' }));
    expect((await screen.findByRole('alert')).textContent).toContain('not in the group');
  });

  test('beside a password, single sign-on is offered below, and the user name has the focus', async () => {
    const { user, openLogin } = await setUp({ 'clusters.auth-settings': () => ({ ...sampleAuthSettings, connectors: [okta] }) }, undefined, {
      sso: () => 'done',
    });
    const answer = openLogin();
    const name = await screen.findByLabelText('Username');
    await waitFor(() => expect(document.activeElement).toBe(name));
    await user.click(screen.getByRole('button', { name: 'Company Okta' }));
    expect(await answer).toBe(done);
  });

  test('an unreachable cluster can be tried again', async () => {
    let tries = 0;
    const { user, openLogin } = await setUp({
      'clusters.auth-settings': () => {
        if (tries++ === 0) throw new AppError('unreachable', 'It does not answer.');
        return sampleAuthSettings;
      },
    });
    void openLogin();
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    await screen.findByLabelText('Username');
  });
});

describe('adding a cluster', () => {
  test('an unknown certificate is trusted only after the fingerprint was compared, and for the typed address', async () => {
    const trust = vi.fn((_input: { address: string; fingerprint: string }) => null);
    let trusted = false;
    const { user, commands } = await setUp({
      'clusters.add': () => {
        if (!trusted) throw untrusted;
        return { key };
      },
      'clusters.trust': (input) => {
        trusted = true;
        return trust(input);
      },
    });
    commands.run('clusters.add');
    await user.type(await screen.findByLabelText('Address'), 'proxy.test:3080{Enter}');
    await screen.findByText('AA:BB');
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Trust this certificate' });
    expect(button.disabled).toBe(true);
    await user.click(screen.getByRole('checkbox'));
    await user.click(button);
    await screen.findByLabelText('Username');
    expect(trust).toHaveBeenCalledExactlyOnceWith({ address: 'proxy.test:3080', fingerprint: 'AA:BB' });
  });

  test.each([
    ['the one that was trusted', 'CC:DD', sampleCluster({ key, user: '', status: 'signed-out', trustedFingerprint: 'CC:DD' })],
    ['one that this computer could check', '', sampleCluster({ key, user: '', status: 'signed-out', trustedFingerprint: null })],
  ])('a certificate that is another one than %s has a dialog of its own, which trusts nothing by itself', async (_name, old, cluster) => {
    const changed = new AppError('untrusted-certificate', 'Changed.', {
      details: { ...untrusted.details, address: 'teleport.example.com:443', ...(old ? { trustedFingerprint: old } : {}) },
    });
    const trust = vi.fn(() => null);
    const { user, openLogin } = await setUp(
      {
        'clusters.auth-settings': () => {
          throw changed;
        },
        'clusters.trust': trust,
      },
      cluster,
    );
    const answer = openLogin();
    await screen.findByText('The certificate has changed');
    expect((await screen.findByRole('alert')).textContent).toMatch(/has changed.*Somebody may be between you and the cluster/);
    expect(screen.queryByText(/usual for a test cluster/)).toBeNull();
    expect(screen.getByText('AA:BB')).toBeDefined();
    if (old) expect(screen.getByText(old)).toBeDefined();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Trust the new certificate' });
    expect(button.disabled).toBe(true);
    await user.keyboard('{Enter}');
    expect(await answer).toBeNull();
    expect(trust).not.toHaveBeenCalled();
  });

  test('not trusting goes back to the address and trusts nothing', async () => {
    const trust = vi.fn(() => null);
    const { user, commands } = await setUp({
      'clusters.add': () => {
        throw untrusted;
      },
      'clusters.trust': trust,
    });
    commands.run('clusters.add');
    await user.type(await screen.findByLabelText('Address'), 'proxy.test{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Do not trust' }));
    expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('proxy.test');
    expect(trust).not.toHaveBeenCalled();
  });

  test('an address that is no proxy says so in words', async () => {
    const { user, commands } = await setUp({
      'clusters.add': () => {
        throw new AppError('not-a-proxy', 'There is no Teleport proxy here.');
      },
    });
    commands.run('clusters.add');
    await user.type(await screen.findByLabelText('Address'), 'example.com{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('no Teleport proxy');
  });

  test('an address that is given is looked for at once', async () => {
    const add = vi.fn((_input: { address: string }) => ({ key }));
    const { commands } = await setUp({ 'clusters.add': add });
    commands.run('clusters.add', 'proxy.test:3080');
    await screen.findByLabelText('Username');
    expect(add.mock.calls.map(([input]) => input)).toEqual([{ address: 'proxy.test:3080' }]);
  });

  test('an address where somebody is logged in already shows that cluster instead of the login', async () => {
    const { user, app, commands } = await setUp({}, sampleCluster({ key: done }));
    commands.run('clusters.add');
    await user.type(await screen.findByLabelText('Address'), 'teleport.example.com{Enter}');
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'resources', cluster: done }]));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('a given address that nothing answers at can be mended', async () => {
    const { commands } = await setUp({
      'clusters.add': () => {
        throw new AppError('unreachable', 'Nothing answers there.');
      },
    });
    commands.run('clusters.add', 'proxy.test:3080');
    expect((await screen.findByRole('alert')).textContent).toContain('Nothing answers');
    expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('proxy.test:3080');
  });

  test('after the login the cluster’s resources are shown', async () => {
    const { user, app, commands, typePassword } = await setUp();
    commands.run('clusters.add');
    await user.type(await screen.findByLabelText('Address'), 'teleport.example.com{Enter}');
    await typePassword();
    await user.type(await screen.findByLabelText('Authentication code'), '123456');
    await waitFor(() => expect(openDocuments(app.workspace.getState())).toMatchObject([{ kind: 'resources', cluster: done }]));
  });
});

test('two actions that expire at once see one dialog, and both are done after it', async () => {
  let valid = false;
  const { app, typePassword, user } = await setUp();
  const act = () =>
    withRelogin(app, key, 'to see this', async () => {
      if (!valid) throw new AppError('expired', 'Over.');
      return 'done';
    });
  const both = Promise.all([act(), act()]);
  await typePassword();
  expect(screen.getAllByRole('dialog')).toHaveLength(1);
  expect(screen.getByText(/You are not logged in to .* Log in to see this\./)).toBeDefined();
  valid = true;
  await user.type(await screen.findByLabelText('Authentication code'), '123456');
  expect(await both).toEqual(['done', 'done']);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
