import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Cluster, PageQuery, pageOf, Reason, SetClusterLabels } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ManageClusters } from '../application/manage-clusters.ts';

const ClusterPage = pageOf(Cluster).meta({ id: 'ClusterPage' });

@ApiTags('clusters')
@Controller('v1/clusters')
export class ClustersController {
  readonly #clusters: ManageClusters;

  constructor(@Inject(ManageClusters) clusters: ManageClusters) {
    this.#clusters = clusters;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: ClusterPage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<z.infer<typeof ClusterPage>> {
    const { limit, cursor } = query;
    return this.#clusters.list({ ...(limit ? { limit } : {}), cursor: cursor ?? null });
  }

  @Get(':name')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: Cluster })
  get(@Param('name') name: string): Promise<Cluster> {
    return this.#clusters.get(name);
  }

  @Patch(':name/labels')
  @Requires('clusters.manage')
  @ApiOkResponse({ standardSchema: Cluster })
  setLabels(
    @Param('name') name: string,
    @Body({ schema: SetClusterLabels }) body: SetClusterLabels,
    @CurrentActor() actor: Actor,
  ): Promise<Cluster> {
    return this.#clusters.setLabels(name, body.labels, actor.name);
  }

  @Post(':name/revoke')
  @HttpCode(200)
  @Requires('clusters.manage')
  @ApiOkResponse({ standardSchema: Cluster })
  revoke(
    @Param('name') name: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
  ): Promise<Cluster> {
    return this.#clusters.revoke(name, body.reason, actor.name);
  }
}
