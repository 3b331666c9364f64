import { Controller, Get, Inject, Param, ParseIntPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  DiffRelease,
  ListReleases,
  PageQuery,
  pageOf,
  Release,
  ReleaseDiff,
  ReleaseManifests,
  ReleaseTarget,
} from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { DiffReleases } from '../application/diff-releases.ts';
import { ShowReleases } from '../application/show-releases.ts';

const ReleasePage = pageOf(Release).meta({ id: 'ReleasePage' });
const ReleaseTargetPage = pageOf(ReleaseTarget).meta({ id: 'ReleaseTargetPage' });

@ApiTags('releases')
@Controller('v1/releases')
export class ReleasesController {
  readonly #show: ShowReleases;
  readonly #diff: DiffReleases;

  constructor(@Inject(ShowReleases) show: ShowReleases, @Inject(DiffReleases) diff: DiffReleases) {
    this.#show = show;
    this.#diff = diff;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ReleasePage })
  list(@Query({ schema: ListReleases }) query: ListReleases): Promise<z.infer<typeof ReleasePage>> {
    return this.#show.listReleases(query);
  }

  @Get(':id')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: Release })
  get(@Param('id', ParseIntPipe) id: number): Promise<Release> {
    return this.#show.getRelease(id);
  }

  @Get(':id/targets')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ReleaseTargetPage })
  targets(
    @Param('id', ParseIntPipe) id: number,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<z.infer<typeof ReleaseTargetPage>> {
    return this.#show.listTargets(id, query);
  }

  @Get(':id/targets/:app/:cluster/manifests')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ReleaseManifests })
  manifests(
    @Param('id', ParseIntPipe) release: number,
    @Param('app') app: string,
    @Param('cluster') cluster: string,
  ): Promise<ReleaseManifests> {
    return this.#show.getManifests({ release, app, cluster });
  }

  @Get(':id/diff')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ReleaseDiff })
  diff(
    @Param('id', ParseIntPipe) id: number,
    @Query({ schema: DiffRelease }) query: DiffRelease,
  ): Promise<ReleaseDiff> {
    return this.#diff.diff(id, query);
  }
}
