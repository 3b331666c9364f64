import type { Role, WhoAmI } from '@fairlead/shared/contracts';
import { permissionsOf } from '../domain/role-permissions.ts';

/** What a caller is told about itself. */
export function describeCaller(caller: { name: string; kind: 'person' | 'robot'; role: Role }): WhoAmI {
  return {
    principal: caller.name,
    principalKind: caller.kind,
    role: caller.role,
    permissions: [...permissionsOf(caller.role)],
  };
}
