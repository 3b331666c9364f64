import { LedgerVerification } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { isAlive, readPostmaster } from '../src/platform/embedded-postgres/postmaster.ts';
import { startHub, type HubProcess } from '../../../test/harness/hub.ts';
import { join } from 'node:path';

let hub: HubProcess;

beforeAll(async () => {
  hub = await startHub({ embedded: true });
}, 120_000);
afterAll(() => hub.stop(), 60_000);

function postmasterPid(): number {
  const postmaster = readPostmaster(join(hub.dataDir, 'postgres'));
  if (!postmaster) throw new Error('no server');
  return postmaster.pid;
}

async function makeToken(): Promise<number> {
  if (!hub.process().isRunning()) throw new Error(`the hub has ended: ${hub.logs().slice(-3000)}`);
  const response = await hub.fetch('/v1/join-tokens', { method: 'POST', body: '{}' });
  return response.status;
}

/** Every ledger entry has been chained: database, outbox, queue and worker all work. */
async function everythingWorks(): Promise<void> {
  await eventually(async () => expect(await makeToken()).toBe(201), { timeoutMs: 30_000 });
  await eventually(
    async () => {
      const verification = LedgerVerification.parse(await (await hub.fetch('/v1/ledger/verify')).json());
      expect(verification).toMatchObject({ intact: true, unsealed: 0 });
    },
    { timeoutMs: 30_000 },
  );
}

describe('hub all with the embedded database', () => {
  it('works on after it was killed, with one server on its data', async () => {
    await everythingWorks();
    const orphan = postmasterPid();
    await hub.kill9();
    expect(isAlive(orphan)).toBe(true);
    await hub.restart();
    expect(isAlive(orphan)).toBe(false);
    expect(isAlive(postmasterPid())).toBe(true);
    await everythingWorks();
  });

  it('works on after its database was killed under it', async () => {
    const killed = postmasterPid();
    process.kill(killed, 'SIGKILL');
    await eventually(() => expect(isAlive(killed)).toBe(false));
    await everythingWorks();
    expect(postmasterPid()).not.toBe(killed);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });

  it('leaves no server behind when it is stopped', async () => {
    const pid = postmasterPid();
    await hub.process().stop();
    expect(isAlive(pid)).toBe(false);
    await hub.restart();
  });
});
