import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { LedgerEntry, LedgerVerification, ListLedger, pageOf } from '@fairlead/shared/contracts';
import { Requires } from '../../../platform/http/access.decorators.ts';
import { LEDGER_STORE, type LedgerStore } from '../application/ledger.store.ts';
import { listLedger } from '../application/list-ledger.ts';
import { verifyLedger } from '../application/verify-ledger.ts';

const LedgerPage = pageOf(LedgerEntry).meta({ id: 'LedgerPage' });

@ApiTags('ledger')
@Controller('v1/ledger')
export class LedgerController {
  readonly #store: LedgerStore;

  constructor(@Inject(LEDGER_STORE) store: LedgerStore) {
    this.#store = store;
  }

  @Get()
  @Requires('ledger.read')
  @ApiOkResponse({ standardSchema: LedgerPage })
  list(@Query({ schema: ListLedger }) query: ListLedger): Promise<z.infer<typeof LedgerPage>> {
    return listLedger(this.#store, query);
  }

  @Get('verify')
  @Requires('ledger.read')
  @ApiOkResponse({ standardSchema: LedgerVerification })
  verify(): Promise<LedgerVerification> {
    return verifyLedger(this.#store);
  }
}
