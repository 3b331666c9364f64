import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiToken, CreateApiToken, IssuedApiToken, PageQuery, pageOf } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ManageApiTokens } from '../application/manage-api-tokens.ts';

const ApiTokenPage = pageOf(ApiToken).meta({ id: 'ApiTokenPage' });
const TokenId = z.coerce.number().int().min(1);

@ApiTags('access')
@Controller('v1/api-tokens')
export class ApiTokensController {
  readonly #tokens: ManageApiTokens;

  constructor(@Inject(ManageApiTokens) tokens: ManageApiTokens) {
    this.#tokens = tokens;
  }

  @Post()
  @Requires('access.manage')
  @ApiCreatedResponse({ standardSchema: IssuedApiToken })
  issue(@Body({ schema: CreateApiToken }) body: CreateApiToken, @CurrentActor() actor: Actor): Promise<IssuedApiToken> {
    return this.#tokens.issue(body, actor.name);
  }

  @Get()
  @Requires('access.manage')
  @ApiOkResponse({ standardSchema: ApiTokenPage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<z.infer<typeof ApiTokenPage>> {
    return this.#tokens.list(query);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('access.manage')
  @ApiNoContentResponse()
  revoke(@Param('id', { schema: TokenId }) id: number, @CurrentActor() actor: Actor): Promise<void> {
    return this.#tokens.revoke(id, actor.name);
  }
}
