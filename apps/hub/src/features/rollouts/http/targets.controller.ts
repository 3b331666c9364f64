import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  ConfirmPrune as ConfirmPruneBody,
  ListTargets,
  pageOf,
  Target,
  TargetDetail,
} from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ConfirmPrune } from '../application/confirm-prune.ts';
import { ROLLOUT_READER, type RolloutReader } from '../application/rollout.reader.ts';
import { pageFrom } from './requests.ts';

const TargetPage = pageOf(Target).meta({ id: 'TargetPage' });

@ApiTags('targets')
@Controller('v1/targets')
export class TargetsController {
  readonly #reader: RolloutReader;
  readonly #confirming: ConfirmPrune;

  constructor(@Inject(ROLLOUT_READER) reader: RolloutReader, @Inject(ConfirmPrune) confirming: ConfirmPrune) {
    this.#reader = reader;
    this.#confirming = confirming;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: TargetPage })
  list(@Query({ schema: ListTargets }) query: ListTargets): Promise<z.infer<typeof TargetPage>> {
    return this.#reader.listTargets(pageFrom(query));
  }

  @Get(':app/:cluster')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: TargetDetail })
  get(@Param('app') app: string, @Param('cluster') cluster: string): Promise<TargetDetail> {
    return this.#reader.getTarget({ app, cluster });
  }

  /** Agrees to the deletion of exactly the set that the agent holds back; what is assigned stays as it is. */
  @Post(':app/:cluster/confirm-prune')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiOkResponse({ standardSchema: TargetDetail })
  confirmPrune(
    @Param('app') app: string,
    @Param('cluster') cluster: string,
    @Body({ schema: ConfirmPruneBody }) body: ConfirmPruneBody,
    @CurrentActor() actor: Actor,
  ): Promise<TargetDetail> {
    return this.#confirming.confirm({ app, cluster }, body, { name: actor.name });
  }
}
