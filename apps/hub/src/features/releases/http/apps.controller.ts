import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { App, PageQuery, pageOf } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { ShowReleases } from '../application/show-releases.ts';

const AppPage = pageOf(App).meta({ id: 'AppPage' });

@ApiTags('apps')
@Controller('v1/apps')
export class AppsController {
  readonly #show: ShowReleases;

  constructor(@Inject(ShowReleases) show: ShowReleases) {
    this.#show = show;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: AppPage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<z.infer<typeof AppPage>> {
    return this.#show.listApps(query);
  }

  @Get(':name')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: App })
  get(@Param('name') name: string): Promise<App> {
    return this.#show.getApp(name);
  }
}
