// as: apps/hub/src/platform/clock/clock.ts
// breaks: no-restricted-syntax
import { mayDo } from '../../features/access/domain/role-permissions.ts'; // refused
