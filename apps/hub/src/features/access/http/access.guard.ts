import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { permissions, type Permission } from '@fairlead/shared/contracts';
import { REQUIRED_PERMISSION, type Actor } from '../../../platform/http/access.decorators.ts';
import type { Authenticate } from '../application/authenticate.ts';
import type { Authorise } from '../application/authorise.ts';

interface GuardedRequest {
  method: string;
  ip: string;
  headers: { authorization?: string };
  routeOptions?: { url?: string };
  actor?: Actor;
}

/** Stands before every route: default deny, one declared permission each. */
export class AccessGuard implements CanActivate {
  readonly #authenticate: Authenticate;
  readonly #authorise: Authorise;
  readonly #reflector = new Reflector();

  constructor(options: { authenticate: Authenticate; authorise: Authorise }) {
    this.#authenticate = options.authenticate;
    this.#authorise = options.authorise;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declared = this.#reflector.getAllAndOverride<unknown>(REQUIRED_PERMISSION, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic(declared)) return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    // The pattern, not the path: what callers put into a path must not become ledger text.
    const subject = `route:${request.method} ${request.routeOptions?.url ?? 'unknown'}`;
    const principal = await this.#authenticate.authenticate({
      authorization: request.headers.authorization,
      address: request.ip,
      subject,
    });
    await this.#authorise.authorise({
      principal,
      permission: isPermission(declared) ? declared : null,
      subject,
      address: request.ip,
    });
    request.actor = principal;
    return true;
  }
}

function isPublic(declared: unknown): boolean {
  return typeof declared === 'object' && declared !== null && 'public' in declared;
}

function isPermission(declared: unknown): declared is Permission {
  return permissions.some((permission) => permission === declared);
}
