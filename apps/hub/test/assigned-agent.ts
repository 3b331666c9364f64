import { randomUUID } from 'node:crypto';
import type { AckMessage, StatusMessage } from '@fairlead/shared/contracts';
import type { Pool } from '../src/platform/database/pool.ts';
import { assign, storeApp, storeSnapshot } from './fleet-rows.ts';
import { TestAgent, type TestSession } from './test-agent.ts';
import type { HubUnderTest } from './use-hub.ts';

export interface AssignedAgent {
  agent: TestAgent;
  session: TestSession;
  app: string;
  appId: number;
  releaseId: number;
  digest: string;
}

/** A connected agent that has one app assigned. */
export async function assignedAgent(hub: HubUnderTest, pool: Pool): Promise<AssignedAgent> {
  const name = `c-${randomUUID().slice(0, 8)}`;
  const app = `app-of-${name}`;
  const agent = await TestAgent.enrolled(hub, name);
  const session = await agent.connect();
  const { appId, releaseId } = await storeApp(pool, app);
  const digest = await storeSnapshot(pool, `snapshot-of-${name}`, [`{"of":"${name}"}`, `{"shared":true}`]);
  await assign(pool, { appId, releaseId, clusterName: name, digest, counter: 1 });
  await session.until('assign', ({ assignments }) => assignments.length === 1);
  return { agent, session, app, appId, releaseId, digest };
}

export const ack = (
  session: TestSession,
  fields: Partial<AckMessage> & { app: string; digest: string },
): AckMessage => ({
  type: 'ack',
  epoch: session.epoch,
  report: 1,
  counter: 1,
  at: new Date().toISOString(),
  phase: 'applied',
  permanent: false,
  message: null,
  failures: [],
  ...fields,
});

export const status = (
  session: TestSession,
  fields: Partial<StatusMessage> & { app: string; digest: string },
): StatusMessage => ({
  type: 'status',
  epoch: session.epoch,
  report: 1,
  counter: 1,
  at: new Date().toISOString(),
  applied: true,
  health: 'healthy',
  counts: { objects: 2, healthy: 2, progressing: 0, failed: 0 },
  failing: [],
  openDrift: 0,
  unmanaged: 0,
  contended: 0,
  notices: [],
  pruneHold: null,
  ...fields,
});
