import { proto, teleport, types } from '../../../proto/gen/teleport.js';
import type { AccessRequestBook, StoredRequest, Viewer } from '../state/access-requests.ts';
import { applicableRoles, canReview, requestRules } from '../state/request-rules.ts';
import { type AccessSet, mayDo, type RoleSpec } from '../state/roles.ts';
import { isSince } from '../versions.ts';
import { type Caller, requireCaller } from './caller.ts';
import { denied, invalid, notFound } from './errors.ts';
import { roleMessage } from './messages.ts';
import { type CallContext, empty, type Method, serverStream, unary } from './methods.ts';

const auth = '/proto.AuthService/';

/** Access requests on a root's auth server (login-and-auth §7.3, §7.7). */
export function accessRequestMethods(version: string): Method[] {
  const { accesslist } = teleport;
  const since = (major: number, minor: number, method: Method) => (isSince(version, major, minor) ? [method] : []);
  return [
    unary(`${auth}CreateAccessRequestV2`, types.AccessRequestV3, types.AccessRequestV3, (request, context) => {
      const { book, viewer } = stage(context);
      return fieldsOfVersion(book.create(request, viewer, { sessionEnd: context.peer!.expires, version }), version);
    }),
    serverStream(`${auth}GetAccessRequestsV2`, types.AccessRequestFilter, types.AccessRequestV3, (filter, context) => {
      const { book, viewer } = stage(context);
      return book
        .visibleTo(viewer)
        .filter(fits(filter, viewer.user))
        .map((one) => fieldsOfVersion(one, version));
    }),
    ...since(15, 2, unary(`${auth}ListAccessRequests`, proto.ListAccessRequestsRequest, proto.ListAccessRequestsResponse, listRequests(version))),
    unary(`${auth}SubmitAccessReview`, types.AccessReviewSubmission, types.AccessRequestV3, (request, context) => {
      const { book, viewer } = stage(context);
      // Older servers do not know fields that came with 14.3.
      const { AssumeStartTime, ...review } = request.Review ?? {};
      const keeps = AssumeStartTime && isSince(version, 14, 3);
      return fieldsOfVersion(book.review(request.RequestID, keeps ? { ...review, AssumeStartTime } : review, viewer), version);
    }),
    unary(`${auth}SetAccessRequestState`, proto.RequestStateSetter, empty, (request, context) => {
      const { book, viewer } = stage(context);
      if (!mayDo(viewer.roles, 'update', 'access_request')) throw denied('access denied to perform action "update" on "access_request"');
      book.setState(request.ID, request.State, request.Reason);
      return {};
    }),
    unary(`${auth}DeleteAccessRequest`, proto.RequestID, empty, (request, context) => {
      const { book, viewer } = stage(context);
      if (!mayDo(viewer.roles, 'delete', 'access_request')) throw denied('access denied to perform action "delete" on "access_request"');
      book.remove(request.ID);
      return {};
    }),
    ...since(
      14,
      1,
      unary(
        `${auth}GetAccessRequestAllowedPromotions`,
        types.AccessRequestAllowedPromotionRequest,
        types.AccessRequestAllowedPromotionResponse,
        (request, context) => {
          const { book, viewer } = stage(context);
          const promotions = book.promotions(request.accessRequestID, viewer).map((accessListName) => ({ accessListName }));
          return { allowedPromotions: { promotions } };
        },
      ),
    ),
    ...since(
      15,
      0,
      unary(
        '/teleport.accesslist.v1.AccessListService/GetSuggestedAccessLists',
        accesslist.v1.GetSuggestedAccessListsRequest,
        accesslist.v1.GetSuggestedAccessListsResponse,
        (request, context) => {
          const { book, viewer } = stage(context);
          const names = book.promotions(request.access_request_id, viewer);
          const lists = book.accessLists.filter(({ name }) => names.includes(name));
          return { access_lists: lists.map(({ name, title }) => ({ header: { metadata: { Name: name } }, spec: { title } })) };
        },
      ),
    ),
    ...since(
      14,
      1,
      unary(
        '/teleport.accesslist.v1.AccessListService/AccessRequestPromote',
        accesslist.v1.AccessRequestPromoteRequest,
        accesslist.v1.AccessRequestPromoteResponse,
        (request, context) => {
          const { book, viewer } = stage(context);
          return { access_request: book.promote(request.request_id, request.access_list_name, request.reason, viewer) };
        },
      ),
    ),
    unary(`${auth}GetAccessCapabilities`, types.AccessCapabilitiesRequest, types.AccessCapabilities, (request, context) => {
      const caller = requireCaller(context);
      if (!caller.local || (request.User && request.User !== caller.user)) throw denied('access denied to perform action "read" on "user"');
      const { cluster } = context;
      const rules = requestRules(cluster, caller.user, cluster.requests.advanced);
      return {
        RequestableRoles: [...rules.roles],
        SuggestedReviewers: [...rules.suggestedReviewers],
        ...(request.ResourceIDs.length > 0 ? { ApplicableRolesForResources: applicableRoles(cluster, rules, request.ResourceIDs, []) } : {}),
        ...(rules.reason.prompts[0] ? { RequestPrompt: rules.reason.prompts[0] } : {}),
      };
    }),
    ...since(
      18,
      2,
      unary(`${auth}ListRequestableRoles`, proto.ListRequestableRolesRequest, proto.ListRequestableRolesResponse, listRequestableRoles),
    ),
    unary(`${auth}GetRole`, proto.GetRoleRequest, types.RoleV6, (request, context) => {
      const caller = requireCaller(context);
      const role = context.cluster.roles.get(request.Name);
      if (!context.cluster.requests.advanced || !role || !canReview(caller.access.roles, [request.Name])) {
        throw denied('access denied to perform action "read" on "role"');
      }
      return roleMessage(role, version);
    }),
  ];
}

/** The requests that the caller sees beside their own when a list is to include them. `IncludeRequestable` came with 16. */
export function requestableBy(
  { cluster }: CallContext,
  caller: Caller,
  request: Pick<proto.IListUnifiedResourcesRequest, 'IncludeRequestable' | 'UseSearchAsRoles' | 'UsePreviewAsRoles'>,
  version: string,
): AccessSet | null {
  const root = cluster.trusts ?? cluster;
  const search = request.UseSearchAsRoles || (request.IncludeRequestable && isSince(version, 16));
  const names = [
    ...(search ? requestRules(root, caller.user, root.requests.advanced).searchAsRoles : []),
    ...(request.UsePreviewAsRoles && root.requests.advanced ? caller.access.roles.flatMap((role) => role.review?.previewAsRoles ?? []) : []),
  ];
  const roles = names.flatMap((name): RoleSpec[] => {
    const role = cluster.roles.get(name);
    return role ? [role] : [];
  });
  return roles.length > 0 ? caller.access.extended(roles) : null;
}

/** A request in the fields that servers of this version use. */
export function fieldsOfVersion(request: StoredRequest, version: string): StoredRequest {
  if (isSince(version, 18)) return request;
  const { ResourceExpiry, DryRunEnrichment: _, ...Spec } = request.Spec;
  return { ...request, Metadata: { ...request.Metadata, Expires: ResourceExpiry ?? null }, Spec };
}

export function stage(context: CallContext): { book: AccessRequestBook; viewer: Viewer } {
  const caller = requireCaller(context);
  if (!caller.local) throw denied('access denied to perform action "list" on "access_request"');
  return { book: context.cluster.requests, viewer: { user: caller.user, roles: caller.access.roles } };
}

function fits(filter: types.IAccessRequestFilter, user: string): (request: StoredRequest) => boolean {
  const words = (filter.SearchKeywords ?? []).map((word) => word.toLowerCase());
  const { MY_REQUESTS, NEEDS_REVIEW, REVIEWED } = types.AccessRequestScope;
  return ({ Metadata, Spec }) => {
    const reviewed = (Spec.Reviews ?? []).some(({ Author }) => Author === user);
    const text = [Metadata.Name, Spec.User, ...(Spec.Roles ?? []), Spec.RequestReason ?? ''].join('\n').toLowerCase();
    return (
      (!filter.ID || filter.ID === Metadata.Name) &&
      (!filter.User || filter.User === Spec.User) &&
      (!filter.State || filter.State === Spec.State) &&
      (filter.Scope !== MY_REQUESTS || Spec.User === user) &&
      (filter.Scope !== NEEDS_REVIEW || (Spec.User !== user && !reviewed && Spec.State === types.RequestState.PENDING)) &&
      (filter.Scope !== REVIEWED || reviewed) &&
      words.every((word) => text.includes(word))
    );
  };
}

const listRequests =
  (version: string) =>
  (request: proto.ListAccessRequestsRequest, context: CallContext): proto.IListAccessRequestsResponse => {
    const { book, viewer } = stage(context);
    const found = book.listedTo(viewer).filter(fits(request.Filter ?? {}, viewer.user));
    const keys: Record<number, (one: StoredRequest) => string> = {
      1: ({ Spec }) => `${String(Spec.Created?.seconds).padStart(20, '0')}${String(Spec.Created?.nanos).padStart(9, '0')}`,
      2: ({ Spec }) => String(Spec.State),
      3: ({ Spec }) => Spec.User,
    };
    const key = (one: StoredRequest) => `${keys[request.Sort]?.(one) ?? ''} ${one.Metadata.Name}`;
    const sorted = found.map((one) => ({ one, key: key(one) })).sort((a, b) => (a.key < b.key ? -1 : 1));
    if (request.Descending) sorted.reverse();
    const from = request.StartKey ? sorted.findIndex(({ one }) => one.Metadata.Name === request.StartKey) : 0;
    if (from < 0) throw invalid('invalid start key');
    const next = sorted[from + request.Limit];
    const page = sorted.slice(from, from + request.Limit).map(({ one }) => fieldsOfVersion(one, version));
    return request.Limit > 0 ? { AccessRequests: page, ...(next ? { NextKey: next.one.Metadata.Name } : {}) } : {};
  };

function listRequestableRoles(request: proto.ListRequestableRolesRequest, context: CallContext): proto.IListRequestableRolesResponse {
  const { cluster } = context;
  const names = requestRules(cluster, requireCaller(context).user, cluster.requests.advanced).roles.filter((name) => cluster.roles.has(name));
  const from = request.page_token ? names.indexOf(request.page_token) : 0;
  if (from < 0) throw notFound('no such page');
  const size = request.page_size > 0 ? request.page_size : 1000;
  const next = names[from + size];
  return {
    roles: names.slice(from, from + size).map((name) => ({ name, description: cluster.roles.get(name)!.description })),
    ...(next ? { next_page_token: next } : {}),
  };
}
