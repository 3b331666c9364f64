import { z } from 'zod';

export const roles = ['viewer', 'operator', 'release-manager', 'cluster-admin', 'admin'] as const;
export const Role = z.enum(roles).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** What a route may require. Which role has which is in the hub's access feature. */
export const permissions = [
  'fleet.read',
  'targets.operate',
  'rollouts.manage',
  'clusters.manage',
  'sources.manage',
  'access.manage',
  'ledger.read',
] as const;
export type Permission = (typeof permissions)[number];

export const CreateApiToken = z
  .strictObject({
    /** Person or robot the token belongs to; created when new. */
    principal: z.string().regex(/^[A-Za-z0-9._@-]{1,100}$/),
    principalKind: z.enum(['person', 'robot']),
    role: Role,
    ttlSeconds: z
      .int()
      .min(60)
      .max(366 * 86_400),
    description: z.string().max(200).default(''),
  })
  .meta({ id: 'CreateApiToken' });
export type CreateApiToken = z.infer<typeof CreateApiToken>;

export const ApiToken = z
  .object({
    id: z.int(),
    principal: z.string(),
    principalKind: z.enum(['person', 'robot']),
    role: Role,
    description: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;

/** The only time the token itself is shown. */
export const IssuedApiToken = ApiToken.extend({ token: z.string() }).meta({ id: 'IssuedApiToken' });
export type IssuedApiToken = z.infer<typeof IssuedApiToken>;

export const WhoAmI = z
  .object({
    principal: z.string(),
    principalKind: z.enum(['person', 'robot']),
    role: Role,
    permissions: z.array(z.enum(permissions)),
  })
  .meta({ id: 'WhoAmI' });
export type WhoAmI = z.infer<typeof WhoAmI>;
