import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ListTargets, pageOf, Target } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { ROLLOUT_READER, type RolloutReader } from '../application/rollout.reader.ts';
import { pageFrom } from './requests.ts';

const TargetPage = pageOf(Target).meta({ id: 'TargetPage' });

@ApiTags('targets')
@Controller('v1/targets')
export class TargetsController {
  readonly #reader: RolloutReader;

  constructor(@Inject(ROLLOUT_READER) reader: RolloutReader) {
    this.#reader = reader;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: TargetPage })
  list(@Query({ schema: ListTargets }) query: ListTargets): Promise<z.infer<typeof TargetPage>> {
    return this.#reader.listTargets(pageFrom(query));
  }
}
