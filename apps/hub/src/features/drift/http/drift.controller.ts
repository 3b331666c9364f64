import { Controller, Get, Headers, Inject, Query, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import type { z } from 'zod';
import { DriftItem, DriftReport, DriftReportQuery, ListDrift, pageOf, WatchDrift } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { DRIFT_STORE, type DriftStore } from '../application/drift.store.ts';
import { listDrift, reportDrift } from '../application/read-drift.ts';
import { DriftFeed } from '../application/watch-drift.ts';

const DriftPage = pageOf(DriftItem).meta({ id: 'DriftPage' });
const keepAliveMs = 15_000;

@ApiTags('drift')
@Controller('v1/drift')
export class DriftController {
  readonly #store: DriftStore;
  readonly #feed: DriftFeed;

  constructor(@Inject(DRIFT_STORE) store: DriftStore, @Inject(DriftFeed) feed: DriftFeed) {
    this.#store = store;
    this.#feed = feed;
  }

  @Get()
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: DriftPage })
  list(@Query({ schema: ListDrift }) query: ListDrift): Promise<z.infer<typeof DriftPage>> {
    return listDrift(this.#store, query);
  }

  @Get('report')
  @Requires('fleet.read')
  @ApiOkResponse({ standardSchema: DriftReport })
  report(@Query({ schema: DriftReportQuery }) query: DriftReportQuery): Promise<DriftReport> {
    return reportDrift(this.#store, query);
  }

  /** Events of type `drift`, each with a DriftItem that opened, changed or closed; `ping` keeps the connection alive. */
  @Sse('events')
  @Requires('fleet.read')
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  events(
    @Query({ schema: WatchDrift }) query: WatchDrift,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Observable<MessageEvent> {
    const hasPosition = lastEventId !== undefined && lastEventId !== '';
    // Outside the stream: a wrong position is still answered with a status.
    const begin = this.#feed.prepare(hasPosition ? { ...query, lastEventId } : query);
    return new Observable<MessageEvent>((subscriber) => {
      const stop = begin({
        next: ({ id, item }) => subscriber.next({ id, type: 'drift', data: item }),
        error: (reason) => subscriber.error(reason),
      });
      const keepAlive = setInterval(() => subscriber.next({ type: 'ping', data: {} }), keepAliveMs);
      return () => {
        clearInterval(keepAlive);
        stop();
      };
    });
  }
}
