// as: apps/hub/src/features/access/application/refusal-log.ts
// breaks: @typescript-eslint/no-explicit-any
export const anything: any = 1; // refused
export const known: unknown = 1;
