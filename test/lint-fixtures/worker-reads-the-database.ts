// as: apps/hub/src/features/ledger/workers/seal-ledger.worker.ts
// breaks: @typescript-eslint/no-restricted-imports
import { Worker } from 'bullmq'; // refused
import { PgLedgerStore } from '../persistence/pg-ledger.store.ts'; // refused
import type { QueueConsumer } from '../../../platform/queue/queue.ts';
