import keyParser from 'ssh2/lib/protocol/keyParser.js';
import { certificateSuffix } from '../certificate.ts';
import { readPublicKey } from '../public-key.ts';
import { WireReader } from '../wire-bytes.ts';

// First of the hooks, in the order that ../ssh2.ts gives: the key exchange takes `parseDERKey` when it is loaded. A host
// certificate's key then verifies the exchange's signature.

const parsePlain = keyParser.parseDERKey;

keyParser.parseDERKey = (rest, name) => {
  if (!name.endsWith(certificateSuffix)) return parsePlain(rest, name);
  try {
    const reader = new WireReader(rest);
    reader.string('nonce');
    const { type, blob } = readPublicKey(name.slice(0, -certificateSuffix.length), reader);
    return keyParser.parseKey(`${type} ${blob.toString('base64')}`);
  } catch (caught) {
    return caught instanceof Error ? caught : new Error('Malformed host certificate');
  }
};
