export { ConnectionService, type ConnectionServiceOptions } from './connection-service.ts';
