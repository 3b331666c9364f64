// `npm test`: works right after a clone, before anything is installed.
import { runInstalled } from './run-installed.mjs';

await runInstalled('test-all.ts');
