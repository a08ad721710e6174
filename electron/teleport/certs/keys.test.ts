import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { exchangesOf, type WebExchange } from '../../../test/wire/vectors.ts';
import { loginKeyForm } from '../connect/versions.ts';
import { generateKeys } from './keys.ts';

it.each([
  ['legacy', '19.0.0', 'ssh-rsa', 'rsa', true],
  ['balanced-v1', '19.0.0', 'ssh-ed25519', 'ec', false],
  ['hsm-v1', '18.1.0', 'ssh-ed25519', 'ec', false],
  ['fips-v1', '17.0.0', 'ecdsa-sha2-nistp256', 'ec', false],
  ['balanced-v1', '16.4.0', 'ssh-rsa', 'rsa', true],
  ['balanced-v1', '17.0.0-dev', 'ssh-rsa', 'rsa', true],
] as const)('%s on Teleport %s', async (suite, version, ssh, tls, same) => {
  const keys = await generateKeys(suite, loginKeyForm(version));
  expect(keys.sshPublicKey).toMatch(new RegExp(`^${ssh} [A-Za-z0-9+/=]+\\n$`));
  expect(createPublicKey(keys.tlsPublicKey).asymmetricKeyType).toBe(tls);
  expect(keys.tlsPublicKey).toMatch(tls === 'rsa' ? /BEGIN RSA PUBLIC KEY/ : /BEGIN PUBLIC KEY/);
  expect(keys.tlsPrivateKey).toMatch(tls === 'rsa' ? /BEGIN RSA PRIVATE KEY/ : /BEGIN PRIVATE KEY/);
  expect(keys.sshPrivateKey === keys.tlsPrivateKey).toBe(same);
  expect(createPublicKey(createPrivateKey(keys.tlsPrivateKey)).equals(createPublicKey(keys.tlsPublicKey))).toBe(true);
});

it('has the form of keys that a real cluster took', async () => {
  const recorded = exchangesOf<WebExchange>('web-login-totp').at(-1)!.request.json as Record<string, string>;
  const keys = await generateKeys('balanced-v1', 'pair');
  const shape = (text: string) => text.replace(/[A-Za-z0-9+/=]{20,}/g, 'X');
  expect(shape(keys.sshPublicKey)).toBe(shape(Buffer.from(recorded.ssh_pub_key!, 'base64').toString()));
  expect(shape(keys.tlsPublicKey)).toBe(shape(Buffer.from(recorded.tls_pub_key!, 'base64').toString()));
});
