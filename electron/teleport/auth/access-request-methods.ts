import { google, proto, teleport, types } from '../../../proto/gen/teleport.js';
import { method } from './auth-methods.ts';

const auth = '/proto.AuthService';
const { accesslist } = teleport;

/** The RPCs about access requests (login-and-auth §7.3, §7.7, §7.10). */
export const requestMethods = {
  create: method(`${auth}/CreateAccessRequestV2`, types.AccessRequestV3, types.AccessRequestV3),
  get: method(`${auth}/GetAccessRequestsV2`, types.AccessRequestFilter, types.AccessRequestV3),
  list: method(`${auth}/ListAccessRequests`, proto.ListAccessRequestsRequest, proto.ListAccessRequestsResponse),
  review: method(`${auth}/SubmitAccessReview`, types.AccessReviewSubmission, types.AccessRequestV3),
  remove: method(`${auth}/DeleteAccessRequest`, proto.RequestID, google.protobuf.Empty),
  promotions: method(
    `${auth}/GetAccessRequestAllowedPromotions`,
    types.AccessRequestAllowedPromotionRequest,
    types.AccessRequestAllowedPromotionResponse,
  ),
  suggestedLists: method(
    '/teleport.accesslist.v1.AccessListService/GetSuggestedAccessLists',
    accesslist.v1.GetSuggestedAccessListsRequest,
    accesslist.v1.GetSuggestedAccessListsResponse,
  ),
  promote: method(
    '/teleport.accesslist.v1.AccessListService/AccessRequestPromote',
    accesslist.v1.AccessRequestPromoteRequest,
    accesslist.v1.AccessRequestPromoteResponse,
  ),
  capabilities: method(`${auth}/GetAccessCapabilities`, types.AccessCapabilitiesRequest, types.AccessCapabilities),
  requestableRoles: method(`${auth}/ListRequestableRoles`, proto.ListRequestableRolesRequest, proto.ListRequestableRolesResponse),
  getRole: method(`${auth}/GetRole`, proto.GetRoleRequest, types.RoleV6),
  watch: method(`${auth}/WatchEvents`, proto.Watch, proto.Event),
};
