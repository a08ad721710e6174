import type { X509Certificate } from '@peculiar/x509';

/** What a user certificate says (login-and-auth §6.1). Lists are empty and texts are '' where the certificate has no such attribute. */
export interface Identity {
  readonly user: string;
  readonly roles: readonly string[];
  readonly usage: readonly string[];
  /** SSH principals, Teleport's own internal ones included. */
  readonly principals: readonly string[];
  readonly routeToCluster: string;
  readonly traits: Readonly<Record<string, readonly string[] | null>>;
  readonly cluster: string;
  readonly kubeUsers: readonly string[];
  readonly kubeGroups: readonly string[];
  readonly kubeCluster: string;
  readonly appSession: string;
  readonly appCluster: string;
  readonly appPublicAddr: string;
  readonly appName: string;
  readonly appTargetPort: string;
  readonly dbService: string;
  readonly dbProtocol: string;
  readonly dbUser: string;
  readonly dbName: string;
  readonly dbRoles: readonly string[];
  readonly dbNames: readonly string[];
  readonly dbUsers: readonly string[];
  readonly awsRoles: readonly string[];
  readonly mfaVerified: string;
  readonly loginIp: string;
  readonly activeRequests: readonly string[];
  /** A JSON list, or ''. */
  readonly allowedResources: string;
  readonly previousExpiry: string;
}

export const emptyIdentity: Identity = {
  user: '',
  roles: [],
  usage: [],
  principals: [],
  routeToCluster: '',
  traits: {},
  cluster: '',
  kubeUsers: [],
  kubeGroups: [],
  kubeCluster: '',
  appSession: '',
  appCluster: '',
  appPublicAddr: '',
  appName: '',
  appTargetPort: '',
  dbService: '',
  dbProtocol: '',
  dbUser: '',
  dbName: '',
  dbRoles: [],
  dbNames: [],
  dbUsers: [],
  awsRoles: [],
  mfaVerified: '',
  loginIp: '',
  activeRequests: [],
  allowedResources: '',
  previousExpiry: '',
};

export const oid = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  locality: '2.5.4.7',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  unit: '2.5.4.11',
  postalCode: '2.5.4.17',
} as const;

/** The private attributes in the order in which a real server writes them, as far as that was seen. */
export const privateAttributes = [
  ['1.3.9999.1.1', 'kubeUsers'],
  ['1.3.9999.1.2', 'kubeGroups'],
  ['1.3.9999.1.3', 'kubeCluster'],
  ['1.3.9999.1.4', 'appSession'],
  ['1.3.9999.1.6', 'appPublicAddr'],
  ['1.3.9999.1.5', 'appCluster'],
  ['1.3.9999.1.10', 'appName'],
  ['1.3.9999.1.21', 'appTargetPort'],
  ['1.3.9999.1.12', 'awsRoles'],
  ['1.3.9999.1.7', 'cluster'],
  ['1.3.9999.1.8', 'mfaVerified'],
  ['1.3.9999.2.12', 'previousExpiry'],
  ['1.3.9999.1.9', 'loginIp'],
  ['1.3.9999.2.1', 'dbService'],
  ['1.3.9999.2.2', 'dbProtocol'],
  ['1.3.9999.2.3', 'dbUser'],
  ['1.3.9999.2.4', 'dbName'],
  ['1.3.9999.2.19', 'dbRoles'],
  ['1.3.9999.2.5', 'dbNames'],
  ['1.3.9999.2.6', 'dbUsers'],
  ['1.3.9999.2.8', 'activeRequests'],
  ['1.3.9999.2.10', 'allowedResources'],
] as const satisfies readonly (readonly [string, keyof Identity])[];

/** Reads the subject of a user certificate back. Attributes of any number per RDN are understood. */
export function readIdentity(certificate: X509Certificate): Identity {
  const name = certificate.subjectName;
  const one = (id: string) => name.getField(id)[0] ?? '';
  const identity: Record<string, unknown> = {
    ...emptyIdentity,
    user: one(oid.commonName),
    roles: name.getField(oid.organization),
    usage: name.getField(oid.unit),
    principals: name.getField(oid.locality),
    routeToCluster: one(oid.street),
    traits: JSON.parse(one(oid.postalCode) || '{}') ?? {},
  };
  for (const [id, field] of privateAttributes) {
    identity[field] = Array.isArray(emptyIdentity[field]) ? name.getField(id) : one(id);
  }
  return identity as unknown as Identity;
}
