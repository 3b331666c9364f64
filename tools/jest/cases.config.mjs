import { base } from './base.mjs';

// Reads what the levels before it left in test/results.
export default { ...base, testMatch: ['<rootDir>/test/**/*.results-spec.ts'] };
