import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCli } from './run-cli.ts';
import { recordTerminal, type RecordedTerminal } from './test-terminal.ts';

let server: Server;
let answers: Record<string, { status: number; body: unknown }> = {};
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } =
      answers[`${request.method} ${request.url?.split('?')[0]}`] ?? problem(404, 'request.no-such-route');
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  answers = {};
  asked = [];
});

function problem(status: number, code: string, details: Record<string, unknown> = {}) {
  return {
    status,
    body: { type: 'about:blank', title: 'x', status, code, detail: 'It went wrong.', details, traceId: null },
  };
}

async function run(...args: string[]): Promise<RecordedTerminal> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const terminal = recordTerminal({ env: { FAIRLEAD_URL: url, FAIRLEAD_TOKEN: 'flt_test' } });
  await runCli(args, terminal);
  return terminal;
}

const cluster = {
  id: 1,
  name: 'eu-1',
  labels: { ring: 'canary' },
  annotations: {},
  connection: 'connected',
  connectionSince: '2026-01-01T11:59:57Z',
  lastHeartbeatAt: '2026-01-01T11:59:59Z',
  kubernetesVersion: 'v1.34.3',
  agentVersion: '0.1.0',
  createdAt: '2026-01-01T11:00:00Z',
};

describe('exit codes and messages', () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 4],
    [409, 5],
    [503, 6],
    [500, 70],
  ])('a hub that answers %i makes exit code %i, one line what and one line what to do', async (status, exitCode) => {
    answers['GET /v1/whoami'] = problem(status, 'some.code', { name: 'eu-1' });
    const terminal = await run('whoami');
    expect(terminal.exitCode()).toBe(exitCode);
    const lines = terminal.errors().trimEnd().split('\n');
    expect(lines[0]).toBe('✖ It went wrong. (name: eu-1) [some.code]');
    expect(lines).toHaveLength(2);
    expect(terminal.output()).toBe('');
  });

  it('a hub that is not there makes exit code 6 and says how to start one', async () => {
    const terminal = recordTerminal({ env: { FAIRLEAD_URL: 'http://127.0.0.1:1' } });
    await runCli(['whoami'], terminal);
    expect(terminal.exitCode()).toBe(6);
    expect(terminal.errors()).toContain('npm start');
  });

  it.each([[['clustrs']], [['clusters', 'get']], [['clusters', 'list', '--no-such-option']]])(
    '%j is invalid input, exit code 2',
    async (args) => {
      const terminal = await run(...args);
      expect(terminal.exitCode()).toBe(2);
      expect(asked).toEqual([]);
    },
  );

  it('an unknown output format is refused before anything is asked', async () => {
    const terminal = await run('clusters', 'list', '--output', 'xml');
    expect(terminal.exitCode()).toBe(2);
    expect(asked).toEqual([]);
  });

  it('help is no error', async () => {
    const terminal = await run('rollouts', '--help');
    expect(terminal.exitCode()).toBe(0);
    expect(terminal.output()).toContain('wave by wave');
  });

  it('something grave is not done without --yes where nobody can be asked', async () => {
    const terminal = await run('clusters', 'revoke', 'eu-1', '--reason', 'lost');
    expect(terminal.exitCode()).toBe(2);
    expect(asked).toEqual([]);
  });
});

describe('output', () => {
  beforeEach(() => {
    answers['GET /v1/clusters'] = { status: 200, body: { items: [cluster], next: null } };
  });

  it('is a table for people', async () => {
    const terminal = await run('clusters', 'list');
    expect(terminal.output()).toBe(
      'NAME   CONNECTION          KUBERNETES   AGENT   LABELS\n' +
        'eu-1   connected 3 s ago   v1.34.3      0.1.0   ring=canary\n',
    );
  });

  it('is what the hub answered for machines', async () => {
    const terminal = await run('clusters', 'list', '--output', 'json');
    expect(JSON.parse(terminal.output())).toEqual({ items: [cluster] });
  });

  it('is names only, one per line, for shells', async () => {
    expect((await run('clusters', 'list', '--output', 'name')).output()).toBe('eu-1\n');
  });

  it('says what to do next where there is nothing', async () => {
    answers['GET /v1/clusters'] = { status: 200, body: { items: [], next: null } };
    expect((await run('clusters', 'list')).output()).toContain('fairlead clusters token');
    expect((await run('clusters', 'list', '--quiet')).output()).toBe('');
  });
});

describe('a target', () => {
  const hash = 'a'.repeat(64);
  const target = {
    app: 'orders',
    cluster: 'eu-1',
    group: 'shop',
    release: { number: 3, commit: '4f1c2ab000000000000000000000000000000000' },
    digest: 'd'.repeat(64),
    mode: 'reconcile',
    counter: 4,
    acknowledged: { digest: 'd'.repeat(64), counter: 4, phase: 'applied' },
    health: 'degraded',
    message: null,
    failing: [
      {
        object: 'apps/Deployment/shop/orders',
        reason: 'CrashLoopBackOff',
        message: 'crashes',
        pods: [
          {
            name: 'orders-1',
            container: 'main',
            reason: 'CrashLoopBackOff',
            events: [{ at: '2026-01-01T11:59:57Z', type: 'Warning', reason: 'BackOff', message: 'again', count: 3 }],
            log: 'starting\npanic: \u001b[31mno database\n',
          },
        ],
      },
    ],
    pruneHold: { reason: 'inventory-rebuilt', hash, count: 2, objects: ['/ConfigMap/shop/a'] },
    confirmedPrune: null,
    openDrift: 1,
    unmanaged: 2,
    contended: 1,
    notices: [{ reason: 'Kept', object: '/ConfigMap/shop/b', message: 'it carries prune: disabled' }],
    asOf: '2026-01-01T11:59:59Z',
  };

  it('is shown with the last words of its Pods, what is held back and what to know', async () => {
    answers['GET /v1/targets/orders/eu-1'] = { status: 200, body: target };
    expect((await run('targets', 'get', 'orders', 'eu-1')).output()).toBe(`app      orders
cluster  eu-1
group    shop
release  #3 4f1c2ab
health   degraded
as of    1 s ago
drift    1 open, 1 contended, 2 unmanaged
failing  deployment.apps shop/orders: CrashLoopBackOff
           crashes
           pod orders-1 container main: CrashLoopBackOff
             3 s ago  Warning  BackOff: again (3 times)
             | starting
             | panic: \\x1b[31mno database
prune    2 deletions held back: inventory-rebuilt
           configmap shop/a
           and 1 more
         agree with: fairlead targets confirm-prune orders eu-1 --hash ${hash}
notices  Kept: configmap shop/b: it carries prune: disabled
`);
  });

  it('comes to programs as the hub gave it, without anything that drives a terminal', async () => {
    const log = 'a\u009b31m';
    answers['GET /v1/targets/orders/eu-1'] = { status: 200, body: { ...target, message: log } };
    const output = (await run('targets', 'get', 'orders', 'eu-1', '--output', 'json')).output();
    expect(output).not.toContain('\u009b');
    expect(JSON.parse(output)).toMatchObject({ message: log });
  });

  it('may be told to delete what it holds back', async () => {
    answers['POST /v1/targets/orders/eu-1/confirm-prune'] = { status: 200, body: target };
    const terminal = await run('targets', 'confirm-prune', 'orders', 'eu-1', '--hash', hash);
    expect(terminal.output()).toBe('orders on eu-1 may delete the 2 objects of that set.\n');
    expect((await run('targets', 'confirm-prune', 'orders', 'eu-1')).exitCode()).toBe(2);
  });

  it('shows errors of the hub without what drives a terminal', async () => {
    answers['GET /v1/targets/orders/eu-1'] = problem(404, 'target.not-found', { app: '\u001b[2J' });
    expect((await run('targets', 'get', 'orders', 'eu-1')).errors()).toContain('app: \\x1b[2J');
  });
});

describe('releases diff', () => {
  const side = { release: 2, number: 2, commit: 'b'.repeat(40), cluster: null };
  const diff = {
    group: 'shop',
    after: side,
    before: { ...side, release: 1, number: 1, commit: 'a'.repeat(40) },
    diffs: [
      {
        app: 'orders',
        clusters: ['eu-1', 'eu-2'],
        added: 1,
        changed: 1,
        removed: 0,
        objects: [
          { id: '/ConfigMap/orders/a', change: 'changed', fields: [{ path: '/data/x', from: '1', to: '2' }] },
          { id: '/ConfigMap/orders/b', change: 'added', fields: [] },
        ],
      },
    ],
    more: 0,
    unchanged: 3,
  };

  it('shows a change with all clusters that share it', async () => {
    answers['GET /v1/releases/2/diff'] = { status: 200, body: diff };
    expect((await run('releases', 'diff', '2', '--cluster', 'a', '--cluster', 'b')).output()).toBe(
      'shop #2 bbbbbbb against #1 aaaaaaa: 2 targets differ  3 unchanged\n' +
        'orders on eu-1, eu-2\n  ~ configmap orders/a\n      /data/x  "1" → "2"\n  + configmap orders/b\n',
    );
    expect(asked).toEqual(['GET /v1/releases/2/diff?cluster=a&againstCluster=b']);
  });

  it('takes two commits of a group instead, and no half of anything', async () => {
    answers['GET /v1/groups/shop/diff'] = { status: 200, body: diff };
    const given = ['--group', 'shop', '--commit', 'bbbbbbb', '--against-commit', 'aaaaaaa'];
    expect((await run('releases', 'diff', ...given)).exitCode()).toBe(0);
    expect(asked).toEqual(['GET /v1/groups/shop/diff?commit=bbbbbbb&againstCommit=aaaaaaa']);
    expect((await run('releases', 'diff', ...given.slice(0, 4))).exitCode()).toBe(2);
    expect((await run('releases', 'diff', '2', '--cluster', 'a')).exitCode()).toBe(2);
    expect((await run('releases', 'diff', '2', ...given)).exitCode()).toBe(2);
  });
});

describe('explain', () => {
  it('says where each object comes from', async () => {
    answers['GET /v1/targets/orders/eu-1/explain'] = {
      status: 200,
      body: {
        app: 'orders',
        cluster: 'eu-1',
        release: { id: 1, number: 3, commit: 'c'.repeat(40) },
        digest: 'd',
        objects: [
          {
            id: 'apps/Deployment/orders/api',
            file: 'base/api.yaml',
            line: 4,
            changes: [{ by: 'patch', file: 'fairlead.yaml', line: 9, at: 'spec.patches.0' }],
            variables: [
              { name: 'var.size', value: '"big"' },
              { name: 'var.key', value: null },
            ],
          },
        ],
      },
    };
    expect((await run('explain', 'target', 'orders', 'eu-1', 'api')).output()).toBe(`orders on eu-1  #3 ccccccc
deployment.apps orders/api
  from      base/api.yaml:4
  patch     fairlead.yaml:9  spec.patches.0
  variable  var.size = "big"
  variable  var.key = (not shown)
`);
    expect(asked).toEqual(['GET /v1/targets/orders/eu-1/explain?object=api']);
  });
});

describe('apps diff', () => {
  const preview = {
    source: 'main',
    ref: 'change',
    commit: 'a'.repeat(40),
    author: 'Ada',
    subject: 'Change',
    isComplete: true,
    totals: { targets: 1, unchanged: 2, clusters: 1, added: 0, changed: 1, removed: 0 },
    groups: [{ name: 'shop', makesRelease: true, state: 'ready', apps: ['orders'], clusters: ['eu-1'] }],
    vanished: [],
    findings: [
      {
        severity: 'warning', app: 'orders', clusters: ['eu-1'], file: 'a.yaml', line: 2, column: null, message: 'odd', hint: null,
      }, // prettier-ignore
    ],
    guard: ['orders would delete 8 objects (mass-prune) on eu-1'],
    diffs: [{ app: 'orders', clusters: ['eu-1'], added: 0, changed: 1, removed: 0, objects: [] }],
    more: 0,
    markdown: '### Fairlead\n',
  };
  const args = ['apps', 'diff', '--source', 'main', '--ref', 'change'];

  it('shows what a ref would change, and says so by its exit code when asked to', async () => {
    answers['POST /v1/sources/main/previews'] = { status: 200, body: preview };
    const terminal = await run(...args);
    expect(terminal.exitCode()).toBe(0);
    expect(terminal.output()).toBe(`main change aaaaaaa: 1 target changed  2 unchanged
objects  +0 ~1 -0 on 1 cluster
group shop  1 cluster
! waits for a person: orders would delete 8 objects (mass-prune) on eu-1
! a.yaml:2  odd  orders on eu-1
orders on eu-1
  1 object more not shown
`);
    expect((await run(...args, '--exit-code')).exitCode()).toBe(8);
    expect((await run(...args, '--markdown')).output()).toBe('### Fairlead\n');
  });

  it('has exit code 0 when nothing changes, and 8 when something does not render', async () => {
    const same = { ...preview, groups: [], findings: [], guard: [], diffs: [] };
    answers['POST /v1/sources/main/previews'] = { status: 200, body: same };
    expect((await run(...args, '--exit-code')).exitCode()).toBe(0);
    const broken = { ...same, findings: [{ ...preview.findings[0], severity: 'error' }] };
    answers['POST /v1/sources/main/previews'] = { status: 200, body: broken };
    expect((await run(...args, '--exit-code')).exitCode()).toBe(8);
    expect((await run('apps', 'diff', '--source', 'main')).exitCode()).toBe(2);
  });
});
