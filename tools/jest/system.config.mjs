import { base } from './base.mjs';

export default {
  ...base,
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.system-spec.ts'],
  testTimeout: 180000,
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/harness/jest-bed.setup.mjs',
  globalTeardown: '<rootDir>/test/harness/jest-bed.teardown.mjs',
};
