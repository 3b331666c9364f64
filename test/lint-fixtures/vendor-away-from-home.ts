// as: apps/hub/src/platform/clock/clock.ts
// breaks: @typescript-eslint/no-restricted-imports
import pg from 'pg'; // refused
import { Queue } from 'bullmq'; // refused
import { Redis } from 'ioredis'; // refused
import { simpleGit } from 'simple-git'; // refused
import type { FastifyRequest } from 'fastify'; // refused
import { KubeConfig } from '@kubernetes/client-node'; // refused
import { randomUUID } from 'node:crypto';
