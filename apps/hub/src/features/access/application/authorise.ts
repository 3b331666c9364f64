import type { Permission } from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { accessDenied } from '../domain/access.errors.ts';
import type { AuthenticatedPrincipal } from '../domain/principal.ts';
import { mayDo } from '../domain/role-permissions.ts';
import type { RefusalLog } from './refusal-log.ts';

/** Decides whether a principal may use a route, and writes down when not. */
export class Authorise {
  readonly #refusals: RefusalLog;
  readonly #clock: Clock;

  constructor(options: { refusals: RefusalLog; clock: Clock }) {
    this.#refusals = options.refusals;
    this.#clock = options.clock;
  }

  /** Throws `access.denied`. A route without a declared permission (`null`) is refused to every role. */
  async authorise(request: {
    principal: AuthenticatedPrincipal;
    permission: Permission | null;
    subject: string;
    address: string;
  }): Promise<void> {
    const { principal, permission, subject, address } = request;
    if (permission !== null && mayDo(principal.role, permission)) return;
    const reason = permission === null ? 'the route declares no permission' : `${principal.role} lacks ${permission}`;
    await this.#refusals.record(
      { actor: principal.name, action: 'access.denied', subject, reason, address },
      this.#clock.nowMs(),
    );
    throw accessDenied({ permission, role: principal.role });
  }
}
