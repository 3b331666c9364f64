import { base } from './base.mjs';

export default { ...base, testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.spec.ts'], testTimeout: 20000 };
