import type { RequestFacts } from '../../teleport/auth/access-request-messages.ts';

/** A request of dana's for a role, as the cluster tells it. */
export const sampleFacts = (id: string, change: Partial<RequestFacts> = {}): RequestFacts => ({
  id,
  user: 'dana',
  state: 'pending',
  roles: ['dba'],
  resources: [],
  created: 1000,
  expires: null,
  requestExpires: null,
  assumeStart: null,
  reason: '',
  resolveReason: '',
  reviewers: [],
  reviews: [],
  thresholds: [],
  accessList: '',
  longTerm: false,
  ...change,
});
