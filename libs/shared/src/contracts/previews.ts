import { z } from 'zod';
import { AppDiff } from './releases.ts';
import { Finding } from './sources.ts';

export const CreatePreview = z.strictObject({
  /** Branch, tag, commit, or a full ref such as `refs/pull/7/merge`. */
  ref: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/+@=-]{0,199}$/)
    .refine((ref) => !/\.\.|\/\/|\/$|\.lock$/.test(ref), { message: 'not the name of a ref' }),
  /** Only this app. */
  app: z.string().min(1).max(253).optional(),
});
export type CreatePreview = z.infer<typeof CreatePreview>;

export const PreviewFinding = Finding.extend({
  /** An error keeps a release from rolling out; a warning does not. */
  severity: z.enum(['error', 'warning']),
  /** Null when the file does not even say which app it is. */
  app: z.string().nullable(),
  /** Empty when it is about the app as such. */
  clusters: z.array(z.string()),
}).meta({ id: 'PreviewFinding' });
export type PreviewFinding = z.infer<typeof PreviewFinding>;

/** What a ref would change, compared with the newest releases that do not wait. Nothing is released from a preview. */
export const Preview = z
  .object({
    source: z.string(),
    ref: z.string(),
    commit: z.string(),
    author: z.string(),
    subject: z.string(),
    /** False: a render was stopped or died, and might end otherwise at another try. */
    isComplete: z.boolean(),
    /** `targets` that change and those `unchanged`; objects over all clusters. */
    totals: z.object({
      targets: z.int(),
      unchanged: z.int(),
      clusters: z.int(),
      added: z.int(),
      changed: z.int(),
      removed: z.int(),
    }),
    /** Groups that would get another release. */
    groups: z.array(
      z.object({
        name: z.string(),
        makesRelease: z.boolean(),
        state: z.enum(['ready', 'waiting']),
        apps: z.array(z.string()),
        /** On which objects change; empty when only settings do. */
        clusters: z.array(z.string()),
      }),
    ),
    /** Apps that no file defines any more; their objects are kept. */
    vanished: z.array(z.string()),
    findings: z.array(PreviewFinding),
    /** Why it would wait for a person: deletions that are held back, apps that leave clusters. */
    guard: z.array(z.string()),
    /** At most 100, those of the most clusters first; `more` counts the targets of the others. */
    diffs: z.array(AppDiff),
    more: z.int(),
    /** All this as the body of a pull-request comment, at most 60 KB. */
    markdown: z.string(),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof Preview>;
