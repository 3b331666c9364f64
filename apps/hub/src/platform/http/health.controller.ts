import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CodedError } from '@fairlead/shared/kernel';
import { pendingMigrations } from '../database/migrate.ts';
import type { Platform } from '../platform.ts';
import { hubVersion } from '../version.ts';
import { Public } from './access.decorators.ts';

const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
const Version = z.object({ version: z.string(), node: z.string() }).meta({ id: 'Version' });

/** Throws when the hub cannot do its work. */
export type Readiness = () => Promise<void>;

export const READINESS = Symbol('Readiness');

/** Ready means: the database answers with a schema we know, and the queue answers. */
export function readinessOf(platform: Platform): Readiness {
  return async () => {
    const results = await Promise.allSettled([
      pendingMigrations(platform.pool).then((pending) => {
        if (pending.length > 0) throw new Error('the schema is older than this hub');
      }),
      platform.queues.ping(),
    ]);
    const failing = ['database', 'queue'].filter((_, position) => results[position]?.status === 'rejected');
    if (failing.length === 0) return;
    throw new CodedError({ code: 'hub.not-ready', kind: 'unavailable' }, 'The hub is not ready.', { failing });
  };
}

@ApiTags('system')
@Controller()
export class HealthController {
  readonly #ready: Readiness;

  constructor(@Inject(READINESS) ready: Readiness) {
    this.#ready = ready;
  }

  @Get('healthz')
  @Public('says only that the process answers')
  @ApiOkResponse({ standardSchema: Health })
  health(): z.infer<typeof Health> {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('says only whether database and queue answer')
  @ApiOkResponse({ standardSchema: Health })
  async ready(): Promise<z.infer<typeof Health>> {
    await this.#ready();
    return { status: 'ok' };
  }

  @Get('v1/system/version')
  @Public('the version of the hub is no secret of the fleet')
  @ApiOkResponse({ standardSchema: Version })
  version(): z.infer<typeof Version> {
    return { version: hubVersion, node: process.versions.node };
  }
}
