// as: apps/hub/src/features/access/http/whoami.controller.ts
// breaks: @typescript-eslint/no-restricted-imports
import pg from 'pg'; // refused
import sql from 'sql-template-tag'; // refused
import { simpleGit } from 'simple-git'; // refused
import { PG_POOL } from '../../../platform/database/pool.ts'; // refused
import type { Pool } from '../../../platform/database/pool.ts';
import { PgApiTokenStore } from '../persistence/pg-api-token.store.ts'; // refused
import { Controller } from '@nestjs/common';
import { describeCaller } from '../application/describe-caller.ts';
