// as: apps/hub/src/platform/database/pool.ts
// breaks: @typescript-eslint/no-restricted-imports
import { Queue } from 'bullmq'; // refused
import { KubeConfig } from '@kubernetes/client-node'; // refused
import pg from 'pg';
