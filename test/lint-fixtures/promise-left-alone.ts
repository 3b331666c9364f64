// as: apps/hub/src/features/access/application/refusal-log.ts
// breaks: @typescript-eslint/no-floating-promises
async function later(): Promise<void> {}
later(); // refused
await later();
