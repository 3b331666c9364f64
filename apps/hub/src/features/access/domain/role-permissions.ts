import type { Permission, Role } from '@fairlead/shared/contracts';

const viewer = ['fleet.read', 'ledger.read'] as const;
const operator = [...viewer, 'targets.operate'] as const;

const granted: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  'release-manager': [...operator, 'rollouts.manage'],
  'cluster-admin': [...viewer, 'clusters.manage'],
  admin: [...operator, 'rollouts.manage', 'clusters.manage', 'sources.manage', 'access.manage'],
};

/** What a role may do. Total over roles: a new role does not compile until it is listed here. */
export function permissionsOf(role: Role): readonly Permission[] {
  return granted[role];
}

/** Whether `role` has `permission`; whatever is not granted is refused. */
export function mayDo(role: Role, permission: Permission): boolean {
  return granted[role].includes(permission);
}
