import { base } from './base.mjs';

export default {
  ...base,
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.system-spec.ts'],
  testTimeout: 180000,
  maxWorkers: 1,
};
