// as: apps/hub/src/features/access/domain/principal.ts
// breaks: no-restricted-properties
export const chance = Math.random(); // refused
export const largest = Math.max(1, 2);
