// as: apps/hub/src/features/access/application/authorise.ts
// breaks: no-restricted-properties
export const now = Date.now(); // refused
export const chance = Math.random(); // refused
export const text = (atMs: number): string => new Date(atMs).toISOString();
