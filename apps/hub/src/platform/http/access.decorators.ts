import 'reflect-metadata';
import {
  applyDecorators,
  createParamDecorator,
  ParseIntPipe,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Permission, Role } from '@fairlead/shared/contracts';
import type { PrincipalId } from '@fairlead/shared/kernel';

/** Who makes a request. */
export interface Actor {
  id: PrincipalId;
  name: string;
  kind: 'person' | 'robot';
  role: Role;
}

export const REQUIRED_PERMISSION = Symbol('RequiredPermission');

/** The permission a route needs. A route that declares neither this nor `Public` is refused to everyone. */
export const Requires = (permission: Permission) =>
  applyDecorators(SetMetadata(REQUIRED_PERMISSION, permission), documentParameters);

/** A route without API token: it says why, and checks its caller itself (join token, agent assertion, webhook HMAC) or shows nothing of the fleet. */
export const Public = (why: string) =>
  applyDecorators(SetMetadata(REQUIRED_PERMISSION, { public: why }), documentParameters);

/** The authenticated caller, put there by the access guard. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<{ actor?: Actor }>();
  if (!actor) throw new Error('CurrentActor used on a public route');
  return actor;
});

interface RouteArgument {
  readonly index: number;
  readonly pipes: readonly unknown[];
}

// The OpenAPI explorer leaves out the parameters of a method whose types it does not know, and the compiler writes none
// down here. What matters of a parameter is its schema; one without is a number where it is parsed as one, else a string.
const documentParameters: MethodDecorator = (target, name, descriptor) => {
  const method: unknown = descriptor.value;
  const count = typeof method === 'function' ? method.length : 0;
  const types: unknown[] = Array.from({ length: count }, () => String);
  const routeArguments = (Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, name) ?? {}) as object;
  for (const { index, pipes } of Object.values(routeArguments) as RouteArgument[]) {
    if (pipes.some((pipe) => pipe === ParseIntPipe || pipe instanceof ParseIntPipe)) types[index] = Number;
  }
  Reflect.defineMetadata('design:paramtypes', types, target, name);
};
