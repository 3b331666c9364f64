import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CreateSource, PageQuery, pageOf, Source } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ManageSources } from '../application/manage-sources.ts';

const SourcePage = pageOf(Source).meta({ id: 'SourcePage' });

@ApiTags('sources')
@Controller('v1/sources')
export class SourcesController {
  readonly #sources: ManageSources;

  constructor(@Inject(ManageSources) sources: ManageSources) {
    this.#sources = sources;
  }

  @Post()
  @Requires('sources.manage')
  @ApiCreatedResponse({ standardSchema: Source })
  add(@Body({ schema: CreateSource }) body: CreateSource, @CurrentActor() actor: Actor): Promise<Source> {
    return this.#sources.add(body, actor.name);
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: SourcePage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<z.infer<typeof SourcePage>> {
    return this.#sources.list(query);
  }

  @Get(':name')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: Source })
  get(@Param('name') name: string): Promise<Source> {
    return this.#sources.get(name);
  }

  @Post(':name/sync')
  @HttpCode(200)
  @Requires('targets.operate')
  @ApiOkResponse({ standardSchema: Source })
  sync(@Param('name') name: string, @CurrentActor() actor: Actor): Promise<Source> {
    return this.#sources.sync(name, actor.name);
  }
}
