import { AppError } from '../../../shared/errors/app-error.ts';
import type { AuthSettings } from '../../../shared/model/cluster.ts';
import { relogin } from '../../workbench/with-relogin.ts';
import type { FakeWorld } from '../fake-app.ts';
import { fill, press } from '../page-acts.ts';
import { sampleAuthSettings, sampleCluster } from '../samples.ts';
import type { FakeApp, Screen } from '../screen.ts';

const signedOut = sampleCluster({ status: 'signed-out', expires: null, leaves: [] });
const world = (calls: FakeWorld['calls'] = {}): FakeWorld => ({ clusters: [signedOut], calls });
const settings = (change: Partial<AuthSettings>): FakeWorld => world({ 'clusters.auth-settings': () => ({ ...sampleAuthSettings, ...change }) });

const throwing = (error: AppError) => () => {
  throw error;
};

const open =
  (purpose = '') =>
  ({ app }: FakeApp) =>
    void relogin(app, signedOut.key, purpose);

async function typePassword(app: FakeApp) {
  open()(app);
  await fill('Password', 'correct horse');
  await press('Log in');
}

const chooseConnector = (name: string) => async (app: FakeApp) => {
  open()(app);
  await press(name);
};

const untrusted = new AppError('untrusted-certificate', 'The certificate is not signed by an authority that this computer knows.', {
  details: {
    fingerprint: '3F:9A:11:6C:02:77:BE:40:D5:E8:91:AB:2C:64:0F:9D:58:C3:7E:12:A6:4B:90:DF:33:81:5A:EE:C7:29:B4:60',
    subject: 'CN=teleport.example.com, O=Example',
    issuer: 'CN=Example Test CA',
    validFrom: '2026-09-01T00:00:00Z',
    validTo: '2027-09-01T00:00:00Z',
  },
});

export const loginScreens: Record<string, Screen> = {
  'add-cluster': { world: {}, act: ({ commands }) => commands.run('clusters.add') },
  'add-cluster-error': {
    world: world({
      'clusters.add': throwing(
        new AppError(
          'not-a-proxy',
          'example.com answers, but it is no Teleport proxy. Check the address, or ask for the one of the cluster’s web page.',
        ),
      ),
    }),
    act: async ({ commands }) => {
      commands.run('clusters.add');
      await fill('Address', 'example.com');
      await press('Continue');
    },
  },
  'add-cluster-busy': {
    world: world({ 'clusters.add': () => new Promise(() => {}) }),
    act: async ({ commands }) => {
      commands.run('clusters.add');
      await fill('Address', 'teleport.example.com');
      await press('Continue');
    },
  },
  'login-certificate': {
    world: world({ 'clusters.add': throwing(untrusted) }),
    act: async ({ commands }) => {
      commands.run('clusters.add');
      await fill('Address', 'teleport.example.com');
      await press('Continue');
    },
  },
  'login-certificate-changed': {
    world: world({
      'clusters.auth-settings': throwing(
        new AppError('untrusted-certificate', 'The certificate is not the one you chose to trust.', {
          details: { ...untrusted.details, address: signedOut.address, trustedFingerprint: `${'A1:B2:C3:D4:'.repeat(8)}`.slice(0, -1) },
        }),
      ),
    }),
    act: open(),
  },
  login: { world: world(), act: open() },
  'login-again': { world: world(), act: open('to see its resources') },
  'login-wrong-password': {
    world: { ...world(), login: { password: throwing(new AppError('invalid-credentials', 'The user name or the password is wrong.')) } },
    act: typePassword,
  },
  'login-code': { world: world(), act: typePassword },
  'login-wrong-code': {
    world: {
      ...world(),
      login: { code: throwing(new AppError('invalid-credentials', 'The code is wrong or was used already. Wait for the next one.')) },
    },
    act: async (app) => {
      await typePassword(app);
      await fill('Authentication code', '123456');
    },
  },
  'login-key-only': {
    world: {
      ...world(),
      login: {
        password: throwing(
          new AppError(
            'second-factor-unsupported',
            'This account confirms logins with a security key only, which Slipway cannot use yet. Register an authenticator app for the account, or log in with tsh.',
          ),
        ),
      },
    },
    act: typePassword,
  },
  'login-motd': { world: settings({ motd: 'Authorised use only.\n\nMaintenance on Saturday, 02:00 to 04:00 UTC.' }), act: open() },
  'login-version': {
    world: settings({ versionWarning: 'This cluster runs Teleport 13, which is older than Slipway supports. Some things may not work.' }),
    act: open(),
  },
  'login-connectors': {
    world: settings({
      connectors: [
        { type: 'github', name: 'github', display: 'GitHub' },
        { type: 'saml', name: 'okta', display: 'Okta' },
      ],
    }),
    act: open(),
  },
  'login-browser': { world: settings({ connectors: [{ type: 'saml', name: 'okta', display: 'Okta' }] }), act: chooseConnector('Okta') },
  'login-browser-link': {
    world: { ...settings({ connectors: [{ type: 'saml', name: 'okta', display: 'Okta' }] }), login: { browserOpens: false } },
    act: chooseConnector('Okta'),
  },
  'login-connectors-only': { world: settings({ localAuth: false, connectors: [{ type: 'oidc', name: 'google', display: 'Google' }] }), act: open() },
  'login-unreachable': {
    world: world({
      'clusters.auth-settings': throwing(
        new AppError('unreachable', 'teleport.example.com:443 does not answer. Check the network and any VPN, then try again.'),
      ),
    }),
    act: open(),
  },
};
