import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CreateJoinToken, IssuedJoinToken, JoinToken, PageQuery, pageOf } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ManageJoinTokens } from '../application/manage-join-tokens.ts';

const JoinTokenPage = pageOf(JoinToken).meta({ id: 'JoinTokenPage' });
const ListJoinTokens = PageQuery.extend({ cursor: z.coerce.number().int().min(1).optional() });
const TokenId = z.coerce.number().int().min(1);

@ApiTags('clusters')
@Controller('v1/join-tokens')
export class JoinTokensController {
  readonly #tokens: ManageJoinTokens;

  constructor(@Inject(ManageJoinTokens) tokens: ManageJoinTokens) {
    this.#tokens = tokens;
  }

  @Post()
  @Requires('clusters.manage')
  @ApiCreatedResponse({ standardSchema: IssuedJoinToken })
  create(
    @Body({ schema: CreateJoinToken }) body: CreateJoinToken,
    @CurrentActor() actor: Actor,
  ): Promise<IssuedJoinToken> {
    return this.#tokens.create(body, actor.name);
  }

  @Get()
  @Requires('clusters.manage')
  @ApiOkResponse({ standardSchema: JoinTokenPage })
  list(
    @Query({ schema: ListJoinTokens }) query: z.infer<typeof ListJoinTokens>,
  ): Promise<z.infer<typeof JoinTokenPage>> {
    const { limit, cursor } = query;
    return this.#tokens.list({ ...(limit ? { limit } : {}), beforeId: cursor ?? null });
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('clusters.manage')
  @ApiNoContentResponse()
  revoke(@Param('id', { schema: TokenId }) id: number, @CurrentActor() actor: Actor): Promise<void> {
    return this.#tokens.revoke(id, actor.name);
  }
}
