import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Group, PageQuery, pageOf, Reason, RollBackGroup, Rollout, Unquarantine } from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ManageGroup } from '../application/manage-group.ts';
import { ROLLOUT_READER, type RolloutReader } from '../application/rollout.reader.ts';
import { StartRollout } from '../application/start-rollout.ts';
import { callerOf, pageFrom } from './requests.ts';

const GroupPage = pageOf(Group).meta({ id: 'GroupPage' });

@ApiTags('groups')
@Controller('v1/groups')
export class GroupsController {
  readonly #groups: ManageGroup;
  readonly #starting: StartRollout;
  readonly #reader: RolloutReader;

  constructor(
    @Inject(ManageGroup) groups: ManageGroup,
    @Inject(StartRollout) starting: StartRollout,
    @Inject(ROLLOUT_READER) reader: RolloutReader,
  ) {
    this.#groups = groups;
    this.#starting = starting;
    this.#reader = reader;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: GroupPage })
  list(@Query({ schema: PageQuery }) query: PageQuery): Promise<z.infer<typeof GroupPage>> {
    const { cursor, limit } = pageFrom(query);
    return this.#reader.listGroups({ cursor, limit });
  }

  @Get(':group')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: Group })
  get(@Param('group') group: string): Promise<Group> {
    return this.#reader.getGroup(group);
  }

  @Post(':group/rollback')
  @Requires('rollouts.manage')
  @ApiCreatedResponse({ standardSchema: Rollout })
  rollback(
    @Param('group') group: string,
    @Body({ schema: RollBackGroup }) body: RollBackGroup,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Rollout> {
    const route = `POST /v1/groups/${group}/rollback`;
    return this.#starting.rollBack({ ...body, group }, callerOf(actor, { key, route, body }));
  }

  @Post(':group/hold')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiOkResponse({ standardSchema: Group })
  hold(
    @Param('group') group: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Group> {
    const route = `POST /v1/groups/${group}/hold`;
    return this.#groups.hold(group, body.reason, callerOf(actor, { key, route, body }));
  }

  @Post(':group/release-hold')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiOkResponse({ standardSchema: Group })
  releaseHold(
    @Param('group') group: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Group> {
    const route = `POST /v1/groups/${group}/release-hold`;
    return this.#groups.releaseHold(group, body.reason, callerOf(actor, { key, route, body }));
  }

  @Post(':group/unquarantine')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiOkResponse({ standardSchema: Group })
  unquarantine(
    @Param('group') group: string,
    @Body({ schema: Unquarantine }) body: Unquarantine,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Group> {
    const route = `POST /v1/groups/${group}/unquarantine`;
    return this.#groups.unquarantine(group, body, callerOf(actor, { key, route, body }));
  }
}
