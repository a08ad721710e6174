import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { signCertificate } from './certificate.ts';
import { signRaw, toSshPublicKey, verifySsh } from './public-key.ts';
import { SshAgent } from './ssh-agent.ts';
import { str, u32, WireReader } from './wire-bytes.ts';

const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  ecdsa: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const ca = generateKeyPairSync('ed25519').privateKey;

function agent(type: keyof typeof pairs = 'ed25519') {
  const publicKey = toSshPublicKey(pairs[type].publicKey);
  const certificate = signCertificate({ publicKey, kind: 'user', keyId: 'vera', principals: ['root'], validAfter: 0n }, ca);
  const answers: Buffer[] = [];
  const sign = async (data: Uint8Array, algorithm: string) => signRaw(pairs[type].privateKey, data, algorithm);
  const own = new SshAgent(
    () => [{ certificate, sign }],
    (message) => answers.push(message),
  );
  const ask = async (message: Buffer) => {
    const before = answers.length;
    own.receive(str(message));
    await vi.waitFor(() => expect(answers.length).toBe(before + 1));
    return new WireReader(new WireReader(answers.at(-1)!).string());
  };
  return { own, ask, certificate, publicKey, answers };
}

const login = (blob: Buffer, user = 'root') =>
  Buffer.concat([
    str('session'),
    Buffer.from([50]),
    str(user),
    str('ssh-connection'),
    str('publickey'),
    Buffer.from([1]),
    str('algorithm'),
    str(blob),
  ]);
const signRequest = (blob: Buffer, data: Buffer, flags = 0) => Buffer.concat([Buffer.from([13]), str(blob), str(data), u32(flags)]);

test('it lists its certificate', async () => {
  const { ask, certificate } = agent();
  const answer = await ask(Buffer.from([11]));
  expect(answer.byte()).toBe(12);
  expect(answer.u32()).toBe(1);
  expect(answer.string().equals(certificate.blob)).toBe(true);
  expect(answer.text()).toBe('vera');
  answer.end();
});

test.each([
  ['ed25519', 0, 'ssh-ed25519'],
  ['ecdsa', 0, 'ecdsa-sha2-nistp256'],
  ['rsa', 4, 'rsa-sha2-512'],
  ['rsa', 2, 'rsa-sha2-256'],
] as const)('it signs a login with %s, flags %i, as %s', async (type, flags, algorithm) => {
  const { ask, certificate, publicKey } = agent(type);
  const data = login(certificate.blob);
  const answer = await ask(signRequest(certificate.blob, data, flags));
  expect(answer.byte()).toBe(14);
  const signature = answer.string();
  answer.end();
  expect(new WireReader(signature).text()).toBe(algorithm);
  expect(verifySsh(publicKey, data, signature)).toBe(true);
});

test('it refuses SHA-1, other keys, other data and other requests', async () => {
  const rsa = agent('rsa');
  expect((await rsa.ask(signRequest(rsa.certificate.blob, login(rsa.certificate.blob), 0))).byte()).toBe(5);
  const { ask, certificate, publicKey } = agent();
  const refused = [
    signRequest(publicKey.blob, login(publicKey.blob)),
    signRequest(certificate.blob, Buffer.from('pay 100 to mallory')),
    signRequest(certificate.blob, login(publicKey.blob)),
    Buffer.from([13]),
    Buffer.from([17, 1, 2, 3]),
    Buffer.from([99]),
  ];
  for (const message of refused) expect((await ask(message)).byte()).toBe(5);
});

test('requests cut anywhere are answered in order', async () => {
  const { own, answers, certificate } = agent();
  const bytes = Buffer.concat([str(Buffer.from([11])), str(Buffer.from([99])), str(signRequest(certificate.blob, login(certificate.blob)))]);
  for (const byte of bytes) own.receive(Buffer.from([byte]));
  await vi.waitFor(() => expect(answers.map((answer) => answer[4])).toEqual([12, 5, 14]));
});

test('noise is answered with failure or ends the agent, and never makes a signature', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (noise) => {
      const { ask } = agent();
      expect([5, 12]).toContain((await ask(Buffer.from(noise))).byte());
    }),
    { numRuns: 50 },
  );
  expect(() => agent().own.receive(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow();
  expect(() => agent().own.receive(Buffer.from([0, 0, 0, 0]))).toThrow();
});

test('one that is asked without end gives up, and one that is sent a byte at a time does not work the harder for it', () => {
  const { own } = agent();
  const flood = Buffer.concat(Array.from({ length: 200 }, () => str(Buffer.from([11]))));
  expect(() => own.receive(flood)).toThrow('more than an agent can answer');
  const slow = agent().own;
  const concat = vi.spyOn(Buffer, 'concat');
  const message = str(Buffer.alloc(20_000, 99));
  const before = concat.mock.calls.length;
  for (let at = 0; at < message.length; at++) slow.receive(message.subarray(at, at + 1));
  expect(concat.mock.calls.length - before).toBeLessThan(10);
  concat.mockRestore();
});
