import type { Json } from '@fairlead/manifests';

/** Why a patch cannot be merged. */
export class MergeError extends Error {}

/** A part of a patch or of an object; undefined: it is not there. */
export type Part = Json | undefined;
