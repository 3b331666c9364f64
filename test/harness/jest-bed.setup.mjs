// Jest's globalSetup of the system tests: one bed for all files of the run, unless the caller names a running one.
import { startSharedBed } from './shared-bed.start.ts';

export default startSharedBed;
