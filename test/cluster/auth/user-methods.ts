import { teleport, types } from '../../../proto/gen/teleport.js';
import { isSince } from '../versions.ts';
import { requireCaller } from './caller.ts';
import { denied, unimplemented } from './errors.ts';
import { roleMessage, userMessage } from './messages.ts';
import { authPath, empty, type Method, serverStream, since, unary } from './methods.ts';

/** The caller as a user, with the roles. */
export function userMethods(version: string): Method[] {
  const { users } = teleport;
  return [
    ...since(
      version,
      15,
      unary('/teleport.users.v1.UsersService/GetUser', users.v1.GetUserRequest, users.v1.GetUserResponse, (request, context) => {
        const caller = requireCaller(context);
        if (!request.current_user && request.name !== caller.name) throw denied('access denied to perform action "read" on "user"');
        return { user: userMessage(caller) };
      }),
    ),
    unary(authPath('GetCurrentUser'), empty, types.UserV2, (_request, context) => {
      if (isSince(version, 19)) throw unimplemented('method GetCurrentUser not implemented');
      return userMessage(requireCaller(context));
    }),
    serverStream(authPath('GetCurrentUserRoles'), empty, types.RoleV6, (_request, context) =>
      requireCaller(context).access.roles.map((role) => roleMessage(role, version)),
    ),
  ];
}
