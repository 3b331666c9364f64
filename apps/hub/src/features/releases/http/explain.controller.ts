import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ExplainTarget as ExplainTargetQuery, TargetExplanation } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { ExplainTarget } from '../application/explain-target.ts';

@ApiTags('targets')
@Controller('v1/targets')
export class ExplainController {
  readonly #explaining: ExplainTarget;

  constructor(@Inject(ExplainTarget) explaining: ExplainTarget) {
    this.#explaining = explaining;
  }

  @Get(':app/:cluster/explain')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: TargetExplanation })
  explain(
    @Param('app') app: string,
    @Param('cluster') cluster: string,
    @Query({ schema: ExplainTargetQuery }) { object }: ExplainTargetQuery,
  ): Promise<TargetExplanation> {
    return this.#explaining.explain({ app, cluster }, object);
  }
}
