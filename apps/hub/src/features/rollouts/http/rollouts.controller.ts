import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import type { z } from 'zod';
import {
  ListRollouts,
  PageQuery,
  pageOf,
  Reason,
  Rollout,
  RolloutTarget,
  RolloutWave,
  StartRollout as StartRolloutBody,
} from '@fairlead/shared/contracts';
import { CurrentActor, Requires, type Actor } from '../../../platform/http/access.decorators.ts';
import { ChangeRollout } from '../application/change-rollout.ts';
import { ROLLOUT_READER, type RolloutReader } from '../application/rollout.reader.ts';
import { StartRollout } from '../application/start-rollout.ts';
import { RolloutFeed } from '../application/watch-rollout.ts';
import type { CommandName } from '../domain/commands.ts';
import { callerOf, idOf, pageFrom, versionOf } from './requests.ts';

const RolloutPage = pageOf(Rollout).meta({ id: 'RolloutPage' });
const RolloutWavePage = pageOf(RolloutWave).meta({ id: 'RolloutWavePage' });
const RolloutTargetPage = pageOf(RolloutTarget).meta({ id: 'RolloutTargetPage' });
const keepAliveMs = 15_000;
const idempotencyHeader = {
  name: 'idempotency-key',
  required: false,
  description: 'Repeating a key repeats the answer.',
};

@ApiTags('rollouts')
@Controller('v1/rollouts')
export class RolloutsController {
  readonly #starting: StartRollout;
  readonly #changing: ChangeRollout;
  readonly #reader: RolloutReader;
  readonly #feed: RolloutFeed;

  constructor(
    @Inject(StartRollout) starting: StartRollout,
    @Inject(ChangeRollout) changing: ChangeRollout,
    @Inject(ROLLOUT_READER) reader: RolloutReader,
    @Inject(RolloutFeed) feed: RolloutFeed,
  ) {
    this.#starting = starting;
    this.#changing = changing;
    this.#reader = reader;
    this.#feed = feed;
  }

  @Post()
  @Requires('rollouts.manage')
  @ApiHeader(idempotencyHeader)
  @ApiCreatedResponse({ standardSchema: Rollout })
  start(
    @Body({ schema: StartRolloutBody }) body: StartRolloutBody,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Rollout> {
    return this.#starting.start(body, callerOf(actor, { key, route: 'POST /v1/rollouts', body }));
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: RolloutPage })
  list(@Query({ schema: ListRollouts }) query: ListRollouts): Promise<z.infer<typeof RolloutPage>> {
    return this.#reader.listRollouts(pageFrom(query));
  }

  @Get(':id')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: Rollout })
  get(@Param('id') id: string): Promise<Rollout> {
    return this.#reader.getRollout(idOf(id));
  }

  @Get(':id/waves')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: RolloutWavePage })
  async waves(@Param('id') id: string): Promise<z.infer<typeof RolloutWavePage>> {
    return { items: await this.#reader.listWaves(idOf(id)), next: null };
  }

  @Get(':id/targets')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: RolloutTargetPage })
  targets(
    @Param('id') id: string,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<z.infer<typeof RolloutTargetPage>> {
    const { cursor, limit } = pageFrom(query);
    return this.#reader.listRolloutTargets({ id: idOf(id), cursor, limit });
  }

  /** Events of types `rollout`, `wave` and `target`, from the beginning or behind `Last-Event-ID`; `ping` keeps the connection alive. */
  @Sse(':id/events')
  @Requires('fleet.read')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async events(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<Observable<MessageEvent>> {
    await this.#reader.getRollout(idOf(id));
    return new Observable<MessageEvent>((subscriber) => {
      const stop = this.#feed.watch(idOf(id), lastEventId, {
        next: (event) =>
          subscriber.next({
            id: String(event.id),
            type: event.type,
            data: { at: event.at, ...asFields(event.payload) },
          }),
        error: (reason) => subscriber.error(reason),
      });
      const keepAlive = setInterval(() => subscriber.next({ type: 'ping', data: {} }), keepAliveMs);
      return () => {
        clearInterval(keepAlive);
        stop();
      };
    });
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Requires('targets.operate')
  @ApiHeader(idempotencyHeader)
  @ApiOkResponse({ standardSchema: Rollout })
  pause(
    @Param('id') id: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<Rollout> {
    return this.#change('pause', { id, body, actor, headers });
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Requires('targets.operate')
  @ApiHeader(idempotencyHeader)
  @ApiOkResponse({ standardSchema: Rollout })
  resume(
    @Param('id') id: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<Rollout> {
    return this.#change('resume', { id, body, actor, headers });
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Requires('targets.operate')
  @ApiHeader(idempotencyHeader)
  @ApiOkResponse({ standardSchema: Rollout })
  retry(
    @Param('id') id: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<Rollout> {
    return this.#change('retry', { id, body, actor, headers });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiHeader(idempotencyHeader)
  @ApiOkResponse({ standardSchema: Rollout })
  cancel(
    @Param('id') id: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<Rollout> {
    return this.#change('cancel', { id, body, actor, headers });
  }

  @Post(':id/rollback')
  @HttpCode(200)
  @Requires('rollouts.manage')
  @ApiHeader(idempotencyHeader)
  @ApiOkResponse({ standardSchema: Rollout })
  rollback(
    @Param('id') id: string,
    @Body({ schema: Reason }) body: Reason,
    @CurrentActor() actor: Actor,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<Rollout> {
    return this.#change('rollback', { id, body, actor, headers });
  }

  #change(
    name: CommandName,
    request: { id: string; body: Reason; actor: Actor; headers: Record<string, string | undefined> },
  ): Promise<Rollout> {
    const id = idOf(request.id);
    const { reason } = request.body;
    const key = request.headers['idempotency-key'];
    const route = `POST /v1/rollouts/${id}/${name}`;
    return this.#changing.change(
      { id, name, reason, version: versionOf(request.headers['if-match']) },
      callerOf(request.actor, { key, route, body: request.body }),
    );
  }
}

function asFields(payload: unknown): object {
  return typeof payload === 'object' && payload !== null ? payload : {};
}
