// as: apps/hub/src/features/access/application/authorise.ts
// breaks: @typescript-eslint/no-restricted-imports
import { Inject } from '@nestjs/common'; // refused
import pg from 'pg'; // refused
import { Queue } from 'bullmq'; // refused
import { Redis } from 'ioredis'; // refused
import { simpleGit } from 'simple-git'; // refused
import sql from 'sql-template-tag'; // refused
import { readFileSync } from 'node:fs'; // refused
import { PgApiTokenStore } from '../persistence/pg-api-token.store.ts'; // refused
import { AccessGuard } from '../http/access.guard.ts'; // refused
import { createPool } from '../../../platform/database/pool.ts'; // refused
import type { Tx } from '../../../platform/database/pool.ts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { ApiToken } from '@fairlead/shared/contracts';
import { mayDo } from '../domain/role-permissions.ts';
import type { RecordDrift } from '../../drift/application/record-drift.ts';
