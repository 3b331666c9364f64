// as: apps/hub/src/features/access/application/authorise.ts
// breaks: no-restricted-globals
export const home = process.cwd(); // refused
console.log(home); // refused
