import { PgReleaseQuery } from '../persistence/pg-release.query.ts';
import { useReading } from '../../../../../../test/harness/reading.ts';
import { ExplainTarget } from './explain-target.ts';

const manifest =
  'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec:\n  namespace: shop\n' +
  '  variables: { size: big, password: tell-nobody }\n';
const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\ndata: { value: "${var.size}" }\n';
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: login }\nstringData: { value: "${var.password}" }\n';

describe('explaining a target', () => {
  const reading = useReading();
  const explaining = () => new ExplainTarget({ query: new PgReleaseQuery(reading().pool) });
  const target = { app: 'shop', cluster: 'c1' };

  it('says of each object where it comes from, as the newest render found it, and keeps Secret values to itself', async () => {
    await reading().addCluster('c1');
    const source = await reading().addSource('explained');
    const commit = await source.push({
      'fairlead.yaml': manifest,
      'all.yaml': `${config}---\n${secret}`,
    });
    const explained = await explaining().explain(target);
    expect(explained).toMatchObject({ ...target, release: { number: 1, commit } });
    expect(explained.objects).toMatchObject([
      { id: '/ConfigMap/shop/config', file: 'all.yaml', line: 1, variables: [{ name: 'var.size', value: '"big"' }] },
      { id: '/Secret/shop/login', file: 'all.yaml', line: 6, variables: [{ name: 'var.password', value: null }] },
    ]);
    await source.push({ 'all.yaml': `# moved\n${config}---\n${secret}` });
    const moved = await explaining().explain(target, 'configmap');
    expect(moved.release.number).toBe(1);
    expect(moved.objects.map(({ id, line }) => [id, line])).toEqual([['/ConfigMap/shop/config', 2]]);
    expect((await explaining().explain(target, 'nothing-like-it')).objects).toEqual([]);
  });

  it('answers not-found for what no release has', async () => {
    await expect(explaining().explain({ app: 'shop', cluster: 'nowhere' })).rejects.toMatchObject({
      code: 'target.not-rendered',
      kind: 'not_found',
    });
  });
});
