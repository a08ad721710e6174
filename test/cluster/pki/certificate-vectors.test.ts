import 'reflect-metadata';
import { once } from 'node:events';
import { type JsonName, X509Certificate } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificateLine } from '../../../electron/ssh/certificate.ts';
import { proto } from '../../../proto/gen/teleport.js';
import { readVector } from '../../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { connectTls, login, newKeys, rpc, type Session } from '../testing/plain-client.ts';

interface Attribute {
  readonly attr: string;
  readonly tag: number;
  readonly value: string;
}
interface RecordedTls {
  readonly subject_rdns: Attribute[][];
  readonly issuer_rdns: Attribute[][];
  readonly key_usage_ext: string[];
  readonly ca: boolean;
}
interface RecordedSsh {
  readonly key_id: string;
  readonly principals: string[];
  readonly serial: string;
  readonly critical_options: object;
  readonly extensions: Record<string, string>;
}

/** The recorded person, given the same roles' effect on a cluster of the same name. */
let cluster: EmbeddedCluster;
let dave: Session;

beforeAll(async () => {
  cluster = await startCluster({
    name: 'root.test',
    resources: 1,
    sshd: false,
    users: [
      { name: 'dave', password: 'x', roles: ['dev'], logins: ['davel'] },
      { name: 'many', password: 'x', roles: ['dev', 'access', 'ops'], logins: ['ops@example', 'b'] },
    ],
    roles: [
      {
        name: 'dev',
        description: '',
        logins: ['root', 'ubuntu'],
        kubeGroups: ['viewers'],
        dbNames: ['*'],
        dbUsers: ['reader', 'writer'],
        portForwarding: true,
      },
      { name: 'ops', description: '' },
    ],
  });
  dave = await login(cluster, 'dave');
});
afterAll(() => cluster.close());

const names: Record<string, string> = { '2.5.4.5': 'SERIALNUMBER', '2.5.4.9': 'STREET', '2.5.4.17': 'POSTALCODE' };

/** RDN sets as `[attribute, value]`, in the order of the certificate. */
function rdns(name: JsonName): string[][][] {
  return name.map((set) => Object.entries(set).flatMap(([attr, values]) => (values as string[]).map((value) => [names[attr] ?? attr, value])));
}
const recordedRdns = (sets: Attribute[][]) => sets.map((set) => set.map(({ attr, value }) => [attr, value]));
/** What differs between any two certificates of the same kind. */
const settle = (sets: string[][][]) =>
  sets.map((set) => set.map(([attr, value]) => [attr, attr === '1.3.9999.1.4' || attr === 'SERIALNUMBER' ? 'any' : value]));

function judge(pem: string, recorded: RecordedTls): void {
  const own = new X509Certificate(pem);
  expect(settle(rdns(own.subjectName.toJSON()))).toEqual(settle(recordedRdns(recorded.subject_rdns)));
  expect(settle(rdns(own.issuerName.toJSON()))).toEqual(settle(recordedRdns(recorded.issuer_rdns)));
  expect((own.getExtension('2.5.29.37') as unknown as { usages: string[] }).usages.sort()).toEqual([...recorded.key_usage_ext].sort());
  // Which string type each value has is read off the DER: `*` and JSON are UTF8String, the rest PrintableString.
  for (const { tag, value } of recorded.subject_rdns.flat()) {
    const bytes = Buffer.from(value);
    const length = bytes.length < 128 ? [bytes.length] : bytes.length < 256 ? [0x81, bytes.length] : [0x82, bytes.length >> 8, bytes.length & 255];
    if (!/^[0-9a-f]{64}$/.test(value)) expect(Buffer.from(own.rawData).includes(Buffer.concat([Buffer.from([tag, ...length]), bytes]))).toBe(true);
  }
}

it('a login certificate, attribute by attribute (certs-login-balanced)', () => {
  const { decoded } = readVector<{ decoded: { user_tls: RecordedTls; user_ssh: RecordedSsh; host_ca_tls: RecordedTls[] } }>('certs-login-balanced');
  judge(dave.tlsCert, decoded.user_tls);
  const ssh = parseCertificateLine(dave.sshCert);
  expect({ id: ssh.keyId, serial: String(ssh.serial), principals: ssh.principals, options: Object.fromEntries(ssh.criticalOptions) }).toEqual({
    id: decoded.user_ssh.key_id,
    serial: decoded.user_ssh.serial,
    principals: decoded.user_ssh.principals,
    options: decoded.user_ssh.critical_options,
  });
  expect(Object.fromEntries(ssh.extensions)).toEqual(decoded.user_ssh.extensions);
  const ca = new X509Certificate(dave.hostCa);
  expect(settle(rdns(ca.subjectName.toJSON()))).toEqual(settle(recordedRdns(decoded.host_ca_tls[0]!.subject_rdns)));
});

it('the auth listener shows a host certificate with the role Admin (certs-auth-server)', async () => {
  const recorded = readVector<{ decoded: { server_tls: RecordedTls & { san: string } } }>('certs-auth-server').decoded.server_tls;
  const socket = connectTls(cluster, dave);
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  const own = rdns(new X509Certificate(raw).subjectName.toJSON());
  const withoutUuid = (sets: string[][][]) => sets.map((set) => set.map(([attr, value]) => [attr, value!.replace(/[0-9a-f-]{36}/, 'uuid')]));
  expect(withoutUuid(own)).toEqual(withoutUuid(recordedRdns(recorded.subject_rdns)));
});

describe('certificates for one purpose', () => {
  it.each(['db', 'app', 'kube', 'desktop', 'leaf'])('certs-plain-%s', async (name) => {
    const vector = readVector<{ request: { protobuf_base64: string }; response: { decoded_tls: RecordedTls; decoded_ssh: RecordedSsh | null } }>(
      `certs-plain-${name}`,
    );
    const keys = newKeys();
    const recorded = proto.UserCertsRequest.decode(Buffer.from(vector.request.protobuf_base64, 'base64'));
    const request = proto.UserCertsRequest.encode({
      ...recorded,
      // This cluster's leaf and its one Kubernetes cluster have names of their own.
      ...(name === 'leaf' ? { RouteToCluster: 'leaf' } : {}),
      ...(name === 'kube' ? { KubernetesCluster: kubeName() } : {}),
      Expires: { seconds: Math.floor(Date.now() / 1000) + 600 },
      TLSPublicKey: Buffer.from(keys.tlsPublicKey),
      ...(recorded.SSHPublicKey.length > 0 ? { SSHPublicKey: Buffer.from(keys.sshPublicKey) } : {}),
    }).finish();
    const answer = await rpc(cluster, dave, '/proto.AuthService/GenerateUserCerts', request);
    expect([answer.status, answer.message]).toEqual([0, 'OK']);
    const certs = proto.Certs.decode(answer.messages[0]!);
    const expected = JSON.parse(
      JSON.stringify(vector.response.decoded_tls).replaceAll('leaf.test', 'leaf').replaceAll('kube1', kubeName()),
    ) as RecordedTls;
    judge(Buffer.from(certs.TLS).toString(), expected);
    expect(certs.SSH.length > 0).toBe(vector.response.decoded_ssh !== null && vector.response.decoded_ssh !== undefined);
    expect([certs.TLSCACerts.length, certs.SSHCACerts.length]).toEqual([1, 1]);
  });
});

function kubeName(): string {
  return cluster.root.inventory.byName.find((entry) => entry.kind === 'kube_cluster')!.id;
}
