// as: apps/cli/src/main.ts
// breaks: @nx/enforce-module-boundaries
import { systemClock } from '../../hub/src/platform/clock/clock.ts'; // refused
import { startBed } from '../../../test/bed/bed.ts'; // refused
import { messageOf } from '@fairlead/shared/kernel';
