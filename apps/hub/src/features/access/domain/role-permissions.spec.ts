import { permissions, roles, type Permission, type Role } from '@fairlead/shared/contracts';
import { mayDo, permissionsOf } from './role-permissions.ts';

const table: Record<Permission, readonly Role[]> = {
  'fleet.read': ['viewer', 'operator', 'release-manager', 'cluster-admin', 'admin'],
  'ledger.read': ['viewer', 'operator', 'release-manager', 'cluster-admin', 'admin'],
  'targets.operate': ['operator', 'release-manager', 'admin'],
  'rollouts.manage': ['release-manager', 'admin'],
  'clusters.manage': ['cluster-admin', 'admin'],
  'sources.manage': ['admin'],
  'access.manage': ['admin'],
};

describe('roles and permissions', () => {
  it.each(permissions.flatMap((permission) => roles.map((role) => [role, permission] as const)))(
    '%s and %s agree with the table',
    (role, permission) => {
      expect(mayDo(role, permission)).toBe(table[permission].includes(role));
    },
  );

  it('lists each permission of a role once', () => {
    for (const role of roles) expect(new Set(permissionsOf(role)).size).toBe(permissionsOf(role).length);
  });
});
