export { AccessRequestService } from './access-request-service.ts';
