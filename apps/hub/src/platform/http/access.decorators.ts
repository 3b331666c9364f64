import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Permission, Role } from '@fairlead/shared/contracts';
import type { PrincipalId } from '@fairlead/shared/kernel';

/** Who makes a request. */
export interface Actor {
  id: PrincipalId;
  name: string;
  kind: 'person' | 'robot';
  role: Role;
}

export const REQUIRED_PERMISSION = Symbol('RequiredPermission');

/** The permission a route needs. A route that declares neither this nor `Public` is refused to everyone. */
export const Requires = (permission: Permission) => SetMetadata(REQUIRED_PERMISSION, permission);

/** A route without API token: it says why, and checks its caller itself (join token, agent assertion, webhook HMAC) or shows nothing of the fleet. */
export const Public = (why: string) => SetMetadata(REQUIRED_PERMISSION, { public: why });

/** The authenticated caller, put there by the access guard. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<{ actor?: Actor }>();
  if (!actor) throw new Error('CurrentActor used on a public route');
  return actor;
});
