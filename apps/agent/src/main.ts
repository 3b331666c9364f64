import { useLittleMemory } from './memory-flags.ts';

useLittleMemory();
// Loaded only now: what the first process read would be thrown away with it.
const { main } = await import('./run.ts');
// Sockets and timers that are still open must not keep a stopped agent alive.
process.exit(await main());
