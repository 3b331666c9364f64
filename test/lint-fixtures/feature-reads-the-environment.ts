// as: apps/hub/src/features/access/access.module.ts
// breaks: no-restricted-syntax
export const url = process.env['DATABASE_URL']; // refused
