import { base } from './base.mjs';

export default { ...base, testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.db-spec.ts'], testTimeout: 30000 };
