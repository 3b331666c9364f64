import { stopSharedBed } from './shared-bed.start.ts';

export default stopSharedBed;
