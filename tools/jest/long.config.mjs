import { base } from './base.mjs';

export default {
  ...base,
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.long-spec.ts'],
  testTimeout: 3600000,
  maxWorkers: 1,
};
