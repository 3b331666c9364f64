// as: libs/manifests/src/digest.ts
// breaks: @nx/enforce-module-boundaries
import { render } from '@fairlead/render'; // refused
import { systemClock } from '../../../apps/hub/src/platform/clock/clock.ts'; // refused
import { messageOf } from '@fairlead/shared/kernel';
