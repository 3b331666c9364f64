export * from './errors.ts';
export type * from './ids.ts';
export * from './secret.ts';
export * from './exhaustive.ts';
export * from './duration.ts';
