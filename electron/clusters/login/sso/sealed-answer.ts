import { createDecipheriv } from 'node:crypto';
import * as z from 'zod';

const sealedSchema = z.object({ ciphertext: z.base64(), nonce: z.base64() });
const tagBytes = 16;
const nonceBytes = 12;

/** What was sealed with the key by AES-256-GCM, its tag at the end (login-and-auth §2.4); null when it was not, or was changed since. */
export function openSealed(json: string, key: Buffer): string | null {
  let sealed: z.infer<typeof sealedSchema>;
  try {
    sealed = sealedSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const nonce = Buffer.from(sealed.nonce, 'base64');
  if (nonce.length !== nonceBytes || bytes.length < tagBytes) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
