// as: apps/hub/src/features/access/application/authorise.ts
// breaks: no-restricted-syntax
export const now = new Date(); // refused
export const then = new Date(0);
