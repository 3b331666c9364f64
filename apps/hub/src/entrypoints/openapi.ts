import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Secret } from '@fairlead/shared/kernel';
import { HubModule } from '../hub.module.ts';
import type { HubConfig } from '../platform/config/config.ts';
import { createHttpApp } from '../platform/http/http-app.ts';
import { OPENAPI_DOCUMENT, type OpenApiHolder } from '../platform/http/openapi.controller.ts';
import { createPlatform } from '../platform/platform.ts';
import { PlatformModule } from '../platform/platform.module.ts';

@Module({})
class DocumentedModule {}

/** The OpenAPI document, made without a database, a data directory or an open port. */
async function openApiDocument(config: HubConfig): Promise<OpenAPIObject> {
  const key = () => new Secret(randomBytes(32).toString('base64'));
  const offline: HubConfig = { ...config, redis: null, keys: { sealing: key(), signing: key() } };
  const platform = createPlatform(offline, { databaseUrl: 'postgres://127.0.0.1:1/none' });
  const app = await createHttpApp(platform, {
    module: DocumentedModule,
    imports: [PlatformModule.of(platform), HubModule],
  });
  const document = app.get<OpenApiHolder>(OPENAPI_DOCUMENT).current;
  await app.close();
  if (!document) throw new Error('no document was made');
  return document;
}

/** `hub openapi`: prints the document. */
export async function runOpenApi(config: HubConfig): Promise<void> {
  const text = `${JSON.stringify(await openApiDocument(config), null, 2)}\n`;
  // A pipe takes it in pieces, and the process may end right after.
  await new Promise<void>((written, failed) => {
    process.stdout.write(text, (error) => {
      if (error) failed(error);
      else written();
    });
  });
}
