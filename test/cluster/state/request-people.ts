import type { UserSpec } from '../options.ts';
import type { AccessListSpec } from './access-requests.ts';
import { all, type RoleSpec } from './roles.ts';

const hour = 3600_000;

/** Roles around access requests: who asks, who reviews, and what can be given. */
export const requestRoles: readonly RoleSpec[] = [
  {
    name: 'requester',
    description: 'Opens nothing, asks for everything',
    request: {
      roles: ['auditor', 'dba'],
      searchAsRoles: ['server-access'],
      suggestedReviewers: ['rita', 'ron'],
      maxDuration: 8 * hour,
      reason: { mode: 'optional', prompt: 'Which ticket is this for?' },
    },
  },
  {
    name: 'careful-requester',
    description: 'May ask for production, which takes two reviewers and a reason',
    request: {
      roles: ['production'],
      thresholds: [{ name: 'two people', approve: 2, deny: 1 }],
      suggestedReviewers: ['rita', 'ron'],
      maxDuration: 2 * hour,
    },
  },
  {
    name: 'reason-giver',
    description: 'Has to say why',
    request: { roles: ['auditor'], maxDuration: hour, reason: { mode: 'required', prompt: 'Say what broke, and the incident’s number' } },
  },
  { name: 'trusted-requester', description: 'Is given what it asks for', request: { roles: ['auditor'], maxDuration: hour, autoApprove: true } },
  { name: 'reviewer', description: 'Reviews all requests', review: { roles: ['*'], previewAsRoles: ['server-access', 'production'] } },
  {
    name: 'request-admin',
    description: 'Decides and deletes requests',
    rules: [{ resources: ['access_request'], verbs: ['list', 'read', 'update', 'delete'] }],
  },
  {
    name: 'request-reader',
    description: 'Is told of all requests as they change',
    rules: [{ resources: ['access_request'], verbs: ['list', 'read'] }],
  },
  { name: 'auditor', description: 'Reads everything in development', logins: ['{{internal.logins}}'], labels: { node: { env: ['dev'] }, db: all } },
  { name: 'dba', description: 'Databases', labels: { db: all }, dbUsers: ['admin'], dbNames: ['*'] },
  {
    name: 'server-access',
    description: 'Servers, databases, apps and Kubernetes clusters',
    logins: ['{{internal.logins}}'],
    labels: { node: all, db: all, app: all, kube_cluster: all },
    kubeGroups: ['viewers'],
    dbUsers: ['reader'],
    dbNames: ['*'],
    portForwarding: true,
  },
  { name: 'production', description: 'Production', logins: ['{{internal.logins}}'], labels: { node: { env: ['prod'] }, db: { env: ['prod'] } } },
];

/** `dana` asks, `rita` and `ron` review; `rita` may ask too, must not review herself, may watch all requests, which `ron` may not, and has two logins. */
export function requestPeople(login: string): readonly UserSpec[] {
  return [
    { name: 'dana', password: 'dana-asks-nicely', roles: ['requester', 'careful-requester'], logins: [login] },
    { name: 'rita', password: 'rita-reads-reasons', roles: ['access', 'reviewer', 'request-reader', 'requester'], logins: [login, 'nobody'] },
    { name: 'ron', password: 'ron-wants-two-people', roles: ['access', 'reviewer'], logins: [login] },
  ];
}

export const demoAccessLists: readonly AccessListSpec[] = [{ name: 'auditors', title: 'Auditors, all year', roles: ['auditor'] }];
