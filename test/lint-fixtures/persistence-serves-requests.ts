// as: apps/hub/src/features/access/persistence/pg-refusal.store.ts
// breaks: @typescript-eslint/no-restricted-imports
import { Injectable } from '@nestjs/common'; // refused
import { Queue } from 'bullmq'; // refused
import { AccessGuard } from '../http/access.guard.ts'; // refused
import { Requires } from '../../../platform/http/access.decorators.ts'; // refused
import sql from 'sql-template-tag';
import { inTransaction } from '../../../platform/database/pool.ts';
import type { RefusalStore } from '../application/refusal-log.ts';
