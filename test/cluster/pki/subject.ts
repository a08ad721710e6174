import type { JsonNameParams } from '@peculiar/x509';
import { type Identity, oid, privateAttributes } from './identity.ts';

type Value = { printableString: string } | { utf8String: string };

/** One RDN; several values of one attribute share it as a SET in DER order: shorter encodings first, then by bytes. */
export function rdn(id: string, values: readonly string[]): Record<string, Value[]> {
  const encoded = values.map((text) => ({ bytes: Buffer.from(text), value: encode(text) }));
  encoded.sort((a, b) => a.bytes.length - b.bytes.length || tag(a.value) - tag(b.value) || Buffer.compare(a.bytes, b.bytes));
  return { [id]: encoded.map((one) => one.value) };
}

function tag(value: Value): number {
  return 'utf8String' in value ? 12 : 19;
}

/** PrintableString where the characters allow it, as Go's encoder chooses: neither `*`, `&` nor `@` are among them. */
function encode(text: string): Value {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? { printableString: text } : { utf8String: text };
}

/** The subject of a user certificate (login-and-auth §6.1): L, STREET, POSTALCODE, O, OU, CN, then one RDN per private attribute. */
export function userSubject(identity: Identity): JsonNameParams {
  const rdns: JsonNameParams = [];
  const add = (id: string, values: readonly string[]) => {
    if (values.length > 0) rdns.push(rdn(id, values) as JsonNameParams[number]);
  };
  add(oid.locality, identity.principals);
  add(oid.street, identity.routeToCluster ? [identity.routeToCluster] : []);
  add(oid.postalCode, [JSON.stringify(identity.traits)]);
  add(oid.organization, identity.roles);
  add(oid.unit, identity.usage);
  add(oid.commonName, [identity.user]);
  for (const [id, field] of privateAttributes) {
    const value = identity[field];
    for (const one of typeof value === 'string' ? [value] : value) if (one) add(id, [one]);
  }
  add('1.3.9999.1.20', ['local']);
  add('1.3.9999.1.15', ['none']);
  return rdns;
}

/** The subject of a host certificate: `<uuid>.<cluster>` with its system role. */
export function hostSubject(uuid: string, cluster: string, role: string): JsonNameParams {
  return [
    rdn(oid.street, ['']),
    rdn(oid.postalCode, ['null']),
    rdn(oid.organization, [role]),
    rdn(oid.commonName, [`${uuid}.${cluster}`]),
    rdn('1.3.9999.1.7', [cluster]),
  ] as JsonNameParams;
}
