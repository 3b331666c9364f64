import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';
import { CodedError } from '@fairlead/shared/kernel';
import { hubVersion } from '../version.ts';
import { Public } from './access.decorators.ts';

/** The document is made from the finished application, so it is put here afterwards. */
export interface OpenApiHolder {
  current: OpenAPIObject | null;
}

export const OPENAPI_DOCUMENT = Symbol('OpenApiDocument');

export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Fairlead')
    .setDescription('Staged rollouts, automatic rollback and attributed drift for many Kubernetes clusters.')
    .setVersion(hubVersion)
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, settings, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  markHeadersOptional(document);
  return document;
}

// The explorer takes every header for required; none of ours is.
function markHeadersOptional(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.patch, path.put, path.delete]) {
      for (const parameter of operation?.parameters ?? []) {
        if ('in' in parameter && parameter.in === 'header') parameter.required = false;
      }
    }
  }
}

@ApiExcludeController()
@Controller()
export class OpenApiController {
  readonly #holder: OpenApiHolder;

  constructor(@Inject(OPENAPI_DOCUMENT) holder: OpenApiHolder) {
    this.#holder = holder;
  }

  @Get('openapi.json')
  @Public('describes the interface, nothing of the fleet')
  document(): OpenAPIObject {
    if (!this.#holder.current) {
      throw new CodedError({ code: 'hub.not-ready', kind: 'unavailable' }, 'The hub is not ready.');
    }
    return this.#holder.current;
  }
}
