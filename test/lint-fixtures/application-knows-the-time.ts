// as: apps/hub/src/features/access/application/authorise.ts
// breaks: no-restricted-globals
export const now = Date.now(); // refused
export const home = process.cwd(); // refused
