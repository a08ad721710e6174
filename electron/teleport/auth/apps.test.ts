import { expect, test } from 'vitest';
import { appClass, launchUrl } from './apps.ts';

test.each([
  ['tcp://db:1', '', 'tcp'],
  ['mcp+stdio://', '', 'mcp'],
  ['mcp+https://tools', '', 'mcp'],
  ['cloud://Azure', 'Azure', 'cloud'],
  ['cloud://AWS', 'AWS', 'cloud'],
  ['https://portal.example', 'GCP', 'cloud'],
  ['https://console.aws.amazon.com/ec2', '', 'aws'],
  ['https://elsewhere.example', 'AWS', 'aws'],
  ['http://grafana:3000', '', 'http'],
  ['', '', 'http'],
])('the class of %s in cloud “%s” is %s', (uri, cloud, expected) => {
  expect(appClass({ uri, cloud, isIdentityCenter: false })).toBe(expected);
  expect(appClass({ uri, cloud, isIdentityCenter: true })).toBe('aws');
});

test('an app is launched at its public address in the root, below the proxy’s name elsewhere', () => {
  const root = { cluster: 'root', rootCluster: 'root', proxyAddress: 'proxy.example:443' };
  const app = { name: 'a', publicAddress: 'a.example', usesProxyAddress: false };
  expect(launchUrl(app, root)).toBe('https://proxy.example/web/launch/a.example/root/a.example');
  expect(launchUrl({ ...app, usesProxyAddress: true }, root)).toBe('https://proxy.example/web/launch/a.proxy.example/root/a.example');
  expect(launchUrl({ ...app, publicAddress: '' }, { ...root, cluster: 'le/af', proxyAddress: 'proxy.example:3080' })).toBe(
    'https://proxy.example:3080/web/launch/a.proxy.example/le%2Faf/a.proxy.example',
  );
});
