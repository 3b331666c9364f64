import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { WhoAmI } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { describeCaller } from '../application/describe-caller.ts';

@ApiTags('access')
@Controller('v1/whoami')
export class WhoAmIController {
  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: WhoAmI })
  show(@CurrentActor() actor: Actor): WhoAmI {
    return describeCaller(actor);
  }
}
