import type { IgnoreRule } from '@fairlead/shared/contracts';
import type { KubeObject, ObjectId } from '@fairlead/manifests';
import { compileIgnoreRules, isIgnored, keepsForeignChanges } from './ignore-rules.ts';
import { takeFrom } from './take-from.ts';

const id: ObjectId = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };

function live(overrides: { labels?: Record<string, string>; managedFields?: object[] } = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop', ...overrides } as KubeObject['metadata'],
    spec: {
      replicas: 5,
      template: {
        metadata: { annotations: { 'example.dev/at': 'now' } },
        spec: {
          containers: [
            { name: 'sidecar', image: 's:1' },
            { name: 'app', image: 'a:1', resources: { limits: { cpu: '2' } }, ports: [{ containerPort: 80 }] },
          ],
        },
      },
    },
  };
}

function rule(paths: string[], target: Partial<IgnoreRule['target']> = {}, managers: string[] = []): IgnoreRule {
  const all = { group: null, version: null, kind: null, namespace: null, name: null };
  return { target: { ...all, labelSelector: null, annotationSelector: null, ...target }, paths, managers };
}

async function ignores(rules: IgnoreRule[], pointer: string, object = live(), of = id): Promise<boolean> {
  return isIgnored((await compileIgnoreRules(rules)).ignoredOf(of, object), pointer, object);
}

describe('an ignore rule', () => {
  it('covers its path and what lies below, and nothing beside', async () => {
    expect(await ignores([rule(['/spec/template'])], '/spec/template/spec')).toBe(true);
    expect(await ignores([rule(['/spec/template'])], '/spec/template')).toBe(true);
    expect(await ignores([rule(['/spec/template'])], '/spec')).toBe(false);
    expect(await ignores([rule(['/spec/template'])], '/spec/templates')).toBe(false);
  });

  it('reads escaped steps', async () => {
    const path = '/spec/template/metadata/annotations/example.dev~1at';
    expect(await ignores([rule([path])], path)).toBe(true);
  });

  it('names an item of a list by its key, wherever the item is', async () => {
    const path = '/spec/template/spec/containers/[name=app]/resources';
    expect(await ignores([rule([path])], '/spec/template/spec/containers/1/resources/limits/cpu')).toBe(true);
    expect(await ignores([rule([path])], '/spec/template/spec/containers/0/resources/limits/cpu')).toBe(false);
    const port = '/spec/template/spec/containers/[name=app]/ports/[containerPort=80,protocol=TCP]';
    expect(await ignores([rule([port])], '/spec/template/spec/containers/1/ports/0/name')).toBe(true);
  });

  it('[case 98] is only about the objects it selects', async () => {
    const replicas = (target: Partial<IgnoreRule['target']>) =>
      ignores([rule(['/spec/replicas'], target)], '/spec/replicas');
    expect(await replicas({ kind: 'Deployment', group: 'apps', version: 'v1' })).toBe(true);
    expect(await replicas({ kind: 'Service' })).toBe(false);
    expect(await replicas({ kind: 'Deploy' })).toBe(false);
    expect(await replicas({ group: '' })).toBe(false);
    expect(await replicas({ version: 'v2' })).toBe(false);
    expect(await replicas({ name: 'ap.*', namespace: 'shop|mall' })).toBe(true);
    expect(await replicas({ name: '(web|api)(-[0-9]+)?' })).toBe(true);
    expect(await replicas({ name: '(web)(-[0-9]+)?' })).toBe(false);
  });

  it('asks labels and annotations of the live object', async () => {
    const rules = [rule(['/spec/replicas'], { labelSelector: 'tier in (web),!frozen' })];
    expect(await ignores(rules, '/spec/replicas', live({ labels: { tier: 'web' } }))).toBe(true);
    expect(await ignores(rules, '/spec/replicas', live({ labels: { tier: 'web', frozen: '' } }))).toBe(false);
    expect(await ignores(rules, '/spec/replicas')).toBe(false);
  });

  it('covers what a manager holds, list items and values too', async () => {
    const managedFields = [
      {
        manager: 'vpa',
        operation: 'Apply',
        fieldsV1: {
          'f:metadata': { 'f:finalizers': { '.': {}, 'v:"example.dev/x"': {} } },
          'f:spec': {
            'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:resources': {} } } } },
          },
        },
      },
      { manager: 'vpa', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': { 'f:x': {} } } },
    ];
    const object = live({ managedFields });
    const rules = [rule([], {}, ['vpa'])];
    expect(await ignores(rules, '/spec/template/spec/containers/1/resources/limits', object)).toBe(true);
    expect(await ignores(rules, '/spec/template/spec/containers/1/image', object)).toBe(false);
    expect(await ignores(rules, '/status/x', object)).toBe(false);
  });

  it('that cannot be read matches nothing and is told', async () => {
    const rules = await compileIgnoreRules([
      rule(['/a'], { name: '(' }),
      rule(['b']),
      rule(['/c'], { labelSelector: 'a=b=c' }),
    ]);
    expect(rules.problems).toHaveLength(3);
    expect(rules.concern(id, 'apps/v1')).toBe(false);
  });
});

describe('the annotation', () => {
  it('keeps what others change when it says ignore', () => {
    const annotated = (value: string) => ({ metadata: { annotations: { 'fairlead.dev/drift': value } } });
    expect(keepsForeignChanges(annotated('ignore'))).toBe(true);
    expect(keepsForeignChanges(annotated('report'))).toBe(false);
    expect(keepsForeignChanges({})).toBe(false);
  });
});

describe('taking ignored places from the live object', () => {
  const taken = async (object: KubeObject, paths: string[], declaredOnly: boolean) =>
    takeFrom(object, live(), (await compileIgnoreRules([rule(paths)])).ignoredOf(id, live()), { declaredOnly });
  const desired = (spec: KubeObject['spec'] & object): KubeObject => ({ ...live(), spec });

  it('replaces values, and leaves what the object does not declare', async () => {
    const object = desired({ replicas: 1, paused: true });
    const paths = ['/spec/replicas', '/spec/template/metadata/annotations'];
    expect(await taken(object, paths, true)).toEqual(desired({ replicas: 5, paused: true }));
    expect(object['spec']).toEqual({ replicas: 1, paused: true });
  });

  it('adds what only the live object has when asked for all', async () => {
    expect(await taken(desired({ replicas: 1 }), ['/spec/template/metadata/annotations'], false)).toEqual(
      desired({ replicas: 1, template: { metadata: { annotations: { 'example.dev/at': 'now' } } } }),
    );
  });

  it('takes away what the live object lacks, and the maps that become empty', async () => {
    expect(
      await taken(
        desired({ replicas: 1, strategy: { rollingUpdate: { maxSurge: 1 } } }),
        ['/spec/strategy/rollingUpdate/maxSurge'],
        true,
      ),
    ).toEqual(desired({ replicas: 1 }));
  });

  it('finds list items by key, and adds and removes whole items', async () => {
    const containers = [
      { name: 'app', image: 'a:1', resources: { limits: { cpu: '1' } } },
      { name: 'old', image: 'o:1' },
    ];
    const object = desired({ template: { spec: { containers } } });
    const list = (value: unknown) => desired({ template: { spec: { containers: value as [] } } });
    const path = '/spec/template/spec/containers';
    expect(await taken(object, [`${path}/[name=app]/resources`], true)).toEqual(
      list([{ ...containers[0], resources: { limits: { cpu: '2' } } }, containers[1]]),
    );
    expect(await taken(object, [`${path}/[name=old]`, `${path}/[name=sidecar]`], false)).toEqual(
      list([containers[0], { name: 'sidecar', image: 's:1' }]),
    );
  });
});
