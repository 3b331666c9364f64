// as: apps/hub/src/features/access/application/refusal-log.ts
// breaks: @typescript-eslint/no-non-null-assertion
export const first = (list: number[]): number => list[0]!; // refused
