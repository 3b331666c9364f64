// Replays all migrations on an empty database, from four processes' worth of runners at once, and then once more.
import { randomUUID } from 'node:crypto';
import { migrate } from '../../apps/hub/src/platform/database/migrate.ts';
import { createPool } from '../../apps/hub/src/platform/database/pool.ts';
import { openPostgresServer } from '../../test/harness/postgres.ts';

const server = await openPostgresServer();
const admin = createPool({ connectionString: server.url, max: 1, onConnectionError: () => {} });
const name = `fairlead_replay_${randomUUID().replaceAll('-', '')}`;
try {
  await admin.query(`create database ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(url.href)));
  const applying = runs.filter((applied) => applied.length > 0);
  if (applying.length !== 1) throw new Error(`${applying.length} of 4 runners applied migrations, one must`);
  const again = await migrate(url.href);
  if (again.length > 0) throw new Error(`a second run applied ${again.join(', ')}`);
  console.log(`${applying[0]?.join(', ')}: applied once by four runners`);
} finally {
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
  await server.stop();
}
