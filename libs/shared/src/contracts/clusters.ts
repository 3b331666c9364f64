import { z } from 'zod';

export const Labels = z.record(z.string().max(317), z.string().max(63));
export type Labels = z.infer<typeof Labels>;

export const ConnectionState = z.enum(['connected', 'unknown', 'never', 'revoked']);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const Cluster = z
  .object({
    id: z.int(),
    name: z.string(),
    labels: Labels,
    annotations: z.record(z.string(), z.string()),
    connection: ConnectionState,
    /** Since when the connection is in this state. */
    connectionSince: z.string(),
    lastHeartbeatAt: z.string().nullable(),
    kubernetesVersion: z.string().nullable(),
    agentVersion: z.string().nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'Cluster' });
export type Cluster = z.infer<typeof Cluster>;

export const CreateJoinToken = z
  .strictObject({
    labels: Labels.default({}),
    /** Glob over cluster names, `*` only. */
    namePattern: z.string().min(1).max(100).default('*'),
    maxUses: z.int().min(1).max(10_000).default(1),
    ttlSeconds: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .default(3600),
  })
  .meta({ id: 'CreateJoinToken' });
export type CreateJoinToken = z.infer<typeof CreateJoinToken>;

export const JoinToken = z
  .object({
    id: z.int(),
    labels: Labels,
    namePattern: z.string(),
    maxUses: z.int(),
    uses: z.int(),
    createdAt: z.string(),
    createdBy: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'JoinToken' });
export type JoinToken = z.infer<typeof JoinToken>;

export const IssuedJoinToken = JoinToken.extend({ token: z.string() }).meta({ id: 'IssuedJoinToken' });
export type IssuedJoinToken = z.infer<typeof IssuedJoinToken>;

export const SetClusterLabels = z
  .strictObject({
    /** Merged over the present labels; null removes one. */
    labels: z.record(z.string().max(317), z.string().max(63).nullable()),
  })
  .meta({ id: 'SetClusterLabels' });
export type SetClusterLabels = z.infer<typeof SetClusterLabels>;

export const Reason = z.strictObject({ reason: z.string().min(1).max(1000) }).meta({ id: 'Reason' });
export type Reason = z.infer<typeof Reason>;
