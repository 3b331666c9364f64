import { bundledSchemas } from './kubernetes-schemas.ts';
import { ExternalEngine } from '../external-engine/external-engine.ts';
import { gunzipSync } from 'node:zlib';
import { eventually } from '@fairlead/shared/test-kit';
import { clustersToRender, treeToRender } from '../../../../../../test/fixtures/render-tree.ts';
import { useRenderWorkerBundle } from '../../../../../../test/harness/render-worker-bundle.ts';
import type { RenderedApp } from './protocol.ts';
import { RenderPool } from './render-pool.ts';

const key = { keyId: 'k1', key: new Uint8Array(32).fill(1) };

const app = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec: { namespace: shop }\n';
const configMap = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\ndata: { value: "${value}" }\n`;

function objectsOf(rendered: RenderedApp): string[] {
  return rendered.blobs.map(({ content }) => gunzipSync(content).toString('utf8'));
}

describe('the render pool', () => {
  const bundle = useRenderWorkerBundle();
  const pools: RenderPool[] = [];
  const aPool = (overrides: { workers?: number; timeoutMs?: number } = {}) => {
    const pool = new RenderPool({
      bundlePath: bundle(),
      key,
      workers: 1,
      schemas: bundledSchemas(),
      nowMs: () => Date.now(),
      timeoutMs: 10_000,
      external: new ExternalEngine({ helm: null, kustomize: null, timeoutMs: 10_000 }),
      ...overrides,
    });
    pools.push(pool);
    return pool;
  };
  afterEach(() => {
    for (const pool of pools.splice(0)) pool.close();
  });

  it('reads apps and reports mistakes with their place', async () => {
    const tree = treeToRender({ 'a/fairlead.yaml': app, 'b/fairlead.yaml': 'apiVersion: fairlead.dev/v1\nkind: Ap\n' });
    const read = await aPool().readApps(tree, ['a/fairlead.yaml', 'b/fairlead.yaml']);
    expect(read[0]).toMatchObject({ ok: true, app: { name: 'shop', settings: { namespace: 'shop' } } });
    expect(read[1]).toMatchObject({ ok: false, name: null, errors: [{ file: 'b/fairlead.yaml', line: 2 }, {}] });
  });

  it('shares a render between clusters for which it is the same, and only those', async () => {
    const pool = aPool();
    const same = treeToRender({ 'fairlead.yaml': app, 'config.yaml': configMap('x') });
    const shared = await pool.render(same, 'fairlead.yaml', clustersToRender('a', 'b', 'c'));
    expect(shared.traces).toHaveLength(1);
    expect(shared.targets.map(({ outcome }) => outcome)).toEqual(['rendered', 'rendered', 'rendered']);
    const differing = treeToRender({ 'fairlead.yaml': app, 'config.yaml': configMap('${cluster.labels.ring}') }, 'two');
    const own = await pool.render(differing, 'fairlead.yaml', [
      ...clustersToRender('a', 'b'),
      ...clustersToRender('a'),
    ]);
    expect(own.traces).toHaveLength(2);
    expect(own.targets[0]).toEqual(own.targets[2]);
    expect(own.targets[0]).not.toEqual(own.targets[1]);
  });

  it('records what a render looked at, also when it failed', async () => {
    const tree = treeToRender({ 'app/fairlead.yaml': app, 'app/kustomization.yaml': 'resources: [none.yaml]\n' });
    const rendered = await aPool().render(tree, 'app/fairlead.yaml', clustersToRender('a'));
    expect(rendered.targets).toMatchObject([{ outcome: 'failed', trace: 0 }]);
    expect(rendered.traces[0]?.files).toContainEqual(['app/kustomization.yaml', 'tree:app/kustomization.yaml']);
    expect(rendered.traces[0]?.absentFiles).toContain('app/none.yaml');
  });

  it('kills a worker that does not answer in time, and fails only that render', async () => {
    const pool = aPool({ timeoutMs: 1000 });
    const tree = treeToRender({ 'fairlead.yaml': app, 'config.yaml': configMap('x') });
    await pool.readApps(tree, ['fairlead.yaml']);
    const [stopped] = pool.pids;
    process.kill(stopped!, 'SIGSTOP');
    const rendered = await pool.render(tree, 'fairlead.yaml', clustersToRender('a'));
    expect(rendered.targets).toMatchObject([
      {
        outcome: 'failed',
        trace: null,
        errors: [{ file: 'fairlead.yaml', message: expect.stringMatching(/longer than 1 s/) }],
      },
    ]);
    await eventually(() => expect(() => process.kill(stopped!, 0)).toThrow('ESRCH'));
    expect((await pool.render(tree, 'fairlead.yaml', clustersToRender('a'))).targets).toMatchObject([
      { outcome: 'rendered' },
    ]);
  });

  it('renders again what a worker was busy with when it died', async () => {
    const pool = aPool();
    const tree = treeToRender({ 'fairlead.yaml': app, 'config.yaml': configMap('x') });
    await pool.readApps(tree, ['fairlead.yaml']);
    const [doomed] = pool.pids;
    process.kill(doomed!, 'SIGSTOP');
    const rendering = pool.render(tree, 'fairlead.yaml', clustersToRender('a', 'b'));
    process.kill(doomed!, 'SIGKILL');
    expect((await rendering).targets).toMatchObject([{ outcome: 'rendered' }, { outcome: 'rendered' }]);
    expect(pool.pids).not.toContain(doomed);
  });

  it('survives a render that needs more memory than a worker has', async () => {
    const anchors = Array.from({ length: 26 }, (_, level) =>
      level === 0 ? 'a0: &a0 [xxxxxxxxxx]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    ).join('\n');
    const pool = aPool();
    const bomb = treeToRender({ 'fairlead.yaml': app, 'bomb.yaml': `${configMap('x')}${anchors}\n` });
    const rendered = await pool.render(bomb, 'fairlead.yaml', clustersToRender('a'));
    expect(rendered.targets).toMatchObject([{ outcome: 'failed' }]);
    const fine = treeToRender({ 'fairlead.yaml': app, 'config.yaml': configMap('x') }, 'fine');
    expect((await pool.render(fine, 'fairlead.yaml', clustersToRender('a'))).targets).toMatchObject([
      { outcome: 'rendered' },
    ]);
  });

  it('returns no Secret value in the clear', async () => {
    const planted = ['planted-in-string-data', 'planted-in-data', 'planted-in-generator', 'planted-in-annotation'];
    const secret = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'plain',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${planted[3]}"}`, keep: 'yes' },
      },
      stringData: { one: planted[0] },
      data: { two: Buffer.from(planted[1]!).toString('base64') },
    });
    const tree = treeToRender({
      'fairlead.yaml': app,
      'kustomization.yaml': `resources: [secret.json]\nsecretGenerator:\n- name: made\n  literals: [three=${planted[2]}]\n`,
      'secret.json': secret,
    });
    const rendered = await aPool().render(tree, 'fairlead.yaml', clustersToRender('a'));
    expect(rendered.targets).toMatchObject([{ outcome: 'rendered' }]);
    const texts = objectsOf(rendered);
    expect(texts).toHaveLength(2);
    const everything = JSON.stringify(rendered) + texts.join('\n');
    for (const value of planted) {
      expect(everything).not.toContain(value);
      expect(everything).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, ''));
    }
    const [plain] = texts.map((text) => JSON.parse(text) as { data: object; metadata: { name: string } });
    expect(Object.keys(plain?.data ?? {}).sort()).toEqual(
      plain?.metadata.name === 'plain' ? ['one', 'two'] : ['three'],
    );
    expect(texts.join()).toMatch(/sealed:v1:k1:/);
    expect(texts.join()).toMatch('"keep":"yes"');
  });

  it('says what is wrong with a Secret without quoting it', async () => {
    const value = 'planted, and not base64!';
    const tree = treeToRender({
      'fairlead.yaml': app,
      'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: bad }\ndata: { password: "${value}" }\n`,
    });
    const rendered = await aPool().render(tree, 'fairlead.yaml', clustersToRender('a'));
    expect(JSON.stringify(rendered)).not.toContain('planted');
    expect(rendered.targets).toMatchObject([
      { outcome: 'failed', errors: [{ message: 'Secret "bad": the value of "password" is not base64' }] },
    ]);
  });
});
