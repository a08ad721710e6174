export { type ClusterCalls, ClusterService, type ClusterServiceOptions, type ClusterTicketCalls, type LoginEvent } from './cluster-service.ts';
