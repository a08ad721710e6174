import type { Cluster } from '../../../shared/model/cluster.ts';

/** A cluster somebody is logged in to; its names are made to be searched for. */
export function exampleCluster(change: Partial<Cluster> = {}): Cluster {
  return {
    key: 'alice%40example.com@proxy.example.com:443',
    address: 'proxy.example.com:443',
    name: 'teleport.example.com',
    user: 'alice@example.com',
    home: 'own',
    status: 'signed-in',
    problem: null,
    serverVersion: '18.0.0',
    edition: 'oss',
    authClusterId: 'e4f80f77-1b3c-4bb2-9d1e-0f6d0c7a2b51',
    expires: null,
    roles: ['access'],
    logins: ['root'],
    activeRequests: [],
    leaves: [],
    trustedFingerprint: null,
    ...change,
  };
}
