export * from './answer.ts';
export * from './event-stream.ts';
export * from './fairlead-client.ts';
export * from './follow-rollout.ts';
export { pause } from './pause.ts';
export { errorFromResponse } from './problem-response.ts';
export type { components, paths } from './schema.gen.ts';
