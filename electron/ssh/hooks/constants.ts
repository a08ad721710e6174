import constants from 'ssh2/lib/protocol/constants.js';
import { certificateSuffix } from '../certificate.ts';

/** Host key algorithms with certificates, best first (ssh-and-gateways §2.4). */
export const hostCertificateAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
].map((name) => name + certificateSuffix);

constants.SUPPORTED_SERVER_HOST_KEY.push(...hostCertificateAlgorithms);

/** Ciphers that this runtime has, best first; BoringSSL lacks ChaCha20, and naming a missing one is an error. */
export const ciphers = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'].filter((name) =>
  constants.SUPPORTED_CIPHER.includes(name),
);
