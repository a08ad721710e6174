import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkProfile } from '../../test/support/profile-checker.ts';
import { systemLocks } from '../lib/file-lock.ts';
import { loginSchema } from '../teleport/web/web-shapes.ts';
import { publicBlobInCertificate, publicBlobInLine, sshPrivateKeyPem } from './profiles/openssh-key.ts';
import { writeLogin } from './profiles/write-login.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-recorded-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('logins recorded with a real Teleport 19', () => {
  it.each(['web-login-totp', 'web-login-webauthn', 'web-login-passwordless'])('%s, written to disk unchanged, is a profile', async (name) => {
    const { steps } = JSON.parse(readFileSync(new URL(`../../test/vectors/auth/${name}.json`, import.meta.url), 'utf8'));
    const finish = steps.at(-1);
    const result = loginSchema.parse(finish.response.json);
    const sshPub = Buffer.from(finish.request.json.ssh_pub_key, 'base64').toString();
    const cluster = result.hostSigners[0]!.cluster;
    await writeLogin(systemLocks(), home, {
      profile: { web_proxy_addr: 'localhost:3980', user: result.user, cluster, tls_routing_enabled: true },
      credentials: {
        // The private keys were never recorded; the public halves are what was sent.
        tlsKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        sshKey: sshPrivateKeyPem(generateKeyPairSync('ed25519').privateKey),
        sshPub,
        tlsCert: result.tlsCertificate,
        sshCert: result.sshCertificate,
      },
      cas: result.hostSigners.map((signer) => ({ cluster: signer.cluster, keys: signer.sshKeys, certificates: signer.tlsCertificates })),
    });
    expect(checkProfile({ home, profile: 'localhost', user: result.user, cluster, withoutPrivateKeys: true })).toEqual([]);
    const read = (path: string) => readFileSync(join(home, 'keys/localhost', path));
    const bytes = (text: string) => Buffer.from(text, 'base64');
    expect(read(`${result.user}.crt`)).toEqual(bytes(finish.response.json.tls_cert));
    expect(read(`${result.user}-ssh/${cluster}-cert.pub`)).toEqual(bytes(finish.response.json.cert));
    expect(read(`cas/${cluster}.pem`)).toEqual(bytes(finish.response.json.host_signers[0].tls_certs[0]));
    expect(publicBlobInCertificate(result.sshCertificate)).toEqual(publicBlobInLine(sshPub));
    const line = `@cert-authority localhost,${cluster},*.${cluster} ${bytes(finish.response.json.host_signers[0].checking_keys[0]).toString().trim()} type=host\n`;
    expect(readFileSync(join(home, 'known_hosts'), 'utf8')).toBe(line);
  });
});
