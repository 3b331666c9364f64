import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CreateRolloutPlan, RolloutPlan } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { StartRollout } from '../application/start-rollout.ts';

@ApiTags('rollouts')
@Controller('v1/rollout-plans')
export class RolloutPlansController {
  readonly #starting: StartRollout;

  constructor(@Inject(StartRollout) starting: StartRollout) {
    this.#starting = starting;
  }

  /** Changes nothing. */
  @Post()
  @HttpCode(200)
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: RolloutPlan })
  plan(@Body({ schema: CreateRolloutPlan }) body: CreateRolloutPlan): Promise<RolloutPlan> {
    return this.#starting.plan(body);
  }
}
