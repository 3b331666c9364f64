// as: apps/hub/src/features/access/domain/principal.ts
// breaks: no-restricted-globals
export const now = Date.now(); // refused
export const today = new Date(); // refused
export const home = process.cwd(); // refused
export const answer = fetch('http://example.test'); // refused
console.log('side effect'); // refused
setTimeout(() => {}, 10); // refused
export function age(born: Date): number {
  return born.getTime();
}
