import type { IgnoreRule } from '@fairlead/shared/contracts';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment, gateDefinition } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';

const settle = { timeoutMs: 15_000 };

describe('fields that an app ignores', () => {
  const story = useApplyStory('apply-ignore');
  const all = { group: null, version: null, kind: null, namespace: null, name: null };
  const rule = (paths: string[], target: Partial<IgnoreRule['target']> = {}, managers: string[] = []): IgnoreRule => ({
    target: { ...all, labelSelector: null, annotationSelector: null, ...target },
    paths,
    managers,
  });
  const ignoring = (...rules: IgnoreRule[]) => ({ settings: { namespace: story().namespace, ignore: rules } });
  const replicas = (count: number, image = 'registry.example/api:1', name = 'scaled'): KubeObject => {
    const object = deployment(name, { image });
    return { ...object, spec: { ...object.spec, replicas: count } };
  };
  const imageOf = async (name: string) => {
    const containers = await story().at(`deploy/${name}`, 'spec.template.spec.containers');
    return ((containers as JsonObject[])[0] ?? {})['image'];
  };

  it('[case 92] stay with another apply manager that holds them, when something else changes', async () => {
    const rules = ignoring(rule(['/spec/template/spec/containers/[name=main]/resources']));
    const withLimits = (cpu: string, image: string): KubeObject => {
      const object = deployment('vpa', { image });
      const containers = [{ name: 'main', image, resources: { requests: { cpu } } }];
      const template = { ...object.spec.template, spec: { containers } };
      return { ...object, spec: { ...object.spec, template } };
    };
    await story().applied('vpa', [withLimits('1', 'registry.example/api:1')], rules);
    await story().appliedBy('vpa', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'vpa' },
      spec: { template: { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '2' } } }] } } },
    });
    await story().applied('vpa', [withLimits('1', 'registry.example/api:2')], rules);
    const containers = (await story().at('deploy/vpa', 'spec.template.spec.containers')) as JsonObject[];
    expect(containers).toMatchObject([{ image: 'registry.example/api:2', resources: { requests: { cpu: '2' } } }]);
    const managers = (await story().live('deploy/vpa')).metadata['managedFields'] as JsonObject[];
    const ours = managers.find((entry) => entry['manager'] === 'fairlead');
    expect(JSON.stringify(ours?.['fieldsV1'])).not.toContain('f:resources');
  });

  it('[case 93] keep what was patched while we are the only apply manager', async () => {
    const rules = ignoring(rule(['/spec/replicas'], { kind: 'Deployment' }));
    await story().applied('scaled', [replicas(1)], rules);
    await story().patch('deploy/scaled', { spec: { replicas: 3 } });
    await story().applied('scaled', [replicas(1, 'registry.example/api:2')], rules);
    expect(await story().at('deploy/scaled', 'spec.replicas')).toBe(3);
    expect(await imageOf('scaled')).toBe('registry.example/api:2');
  });

  it('[case 94] keep what was patched also when the field has to be there', async () => {
    const group = `${story().namespace}.example.dev`;
    const schema = {
      openAPIV3Schema: {
        type: 'object',
        properties: {
          spec: {
            type: 'object',
            required: ['size'],
            properties: { size: { type: 'integer' }, note: { type: 'string' } },
          },
        },
      },
    };
    const base = gateDefinition();
    const definition: KubeObject = {
      ...base,
      metadata: { name: `gates.${group}` },
      spec: {
        ...(base['spec'] as JsonObject),
        group,
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
    const gate = (spec: JsonObject): KubeObject => ({
      apiVersion: `${group}/v1`,
      kind: 'Gate',
      metadata: { name: 'sized' },
      spec,
    });
    const rules = ignoring(rule(['/spec/size'], { kind: 'Gate' }));
    await story().applied('required', [definition, gate({ size: 1, note: 'a' })], rules);
    await story().patch(`gates.${group}/sized`, { spec: { size: 7 } });
    await story().applied('required', [definition, gate({ size: 1, note: 'b' })], rules);
    expect(await story().at(`gates.${group}/sized`, 'spec')).toEqual({ size: 7, note: 'b' });
  });

  it('[case 95] are as Git says when the object is made', async () => {
    await story().applied(
      'fresh',
      [replicas(2, 'registry.example/api:1', 'fresh')],
      ignoring(rule(['/spec/replicas'])),
    );
    expect(await story().at('deploy/fresh', 'spec.replicas')).toBe(2);
  });

  it('[case 96] are given up once another apply manager claims them, and nothing is written after that', async () => {
    const rules = ignoring(rule(['/spec/replicas']));
    const count = (replicasNow: number): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'claimed' },
      spec: { replicas: replicasNow },
    });
    await story().applied('claimed', [replicas(1, 'registry.example/api:1', 'claimed')], rules);
    await story().byHand(count(1), '--server-side', '--field-manager=hpa');
    await story().appliedBy('hpa', count(4));
    await story().applied('claimed', [replicas(1, 'registry.example/api:2', 'claimed')], rules);
    expect(await story().at('deploy/claimed', 'spec.replicas')).toBe(4);
    expect(await story().managers('deploy/claimed')).toEqual(expect.arrayContaining(['hpa Apply']));
    const entries = (await story().live('deploy/claimed')).metadata['managedFields'] as JsonObject[];
    const ours = entries.find((entry) => entry['manager'] === 'fairlead');
    expect(JSON.stringify(ours?.['fieldsV1'])).not.toContain('f:replicas');
    const version = await story().at('deploy/claimed', 'metadata.generation');
    await story().appliedBy('hpa', count(5));
    await story().applied('claimed', [replicas(2, 'registry.example/api:2', 'claimed')], rules);
    expect(await story().at('deploy/claimed', 'spec.replicas')).toBe(5);
    expect(await story().at('deploy/claimed', 'metadata.generation')).toBe(Number(version) + 1);
  });

  it('[case 97] keep their value also when the one who set it is taken over', async () => {
    const settings = {
      ...ignoring(rule(['/data/rate', '/data/extra'], { kind: 'ConfigMap' })),
      apply: { takeOver: [{ name: 'kubectl', match: 'prefix' as const }] },
    };
    await story().applied('both', [configMap('both', { rate: '1', other: 'a' })], settings);
    await story().patch('cm/both', { data: { rate: '9', extra: 'x', stale: 'y' } });
    await eventually(async () => expect(await story().managers('cm/both')).toEqual(['fairlead Apply']), settle);
    await story().applied('both', [configMap('both', { rate: '2', other: 'b' })], settings);
    expect(await story().at('cm/both', 'data')).toEqual({ rate: '9', extra: 'x', other: 'b' });
    const version = await story().at('cm/both', 'metadata.resourceVersion');
    await story().applied('both', [configMap('both', { rate: '3', other: 'b' })], settings);
    expect(await story().at('cm/both', 'metadata.resourceVersion')).toBe(version);
  });

  it('[case 98] are ignored only where the rule says, and put back elsewhere', async () => {
    const rules = ignoring(rule(['/data/rate'], { name: 'free-.*', kind: 'ConfigMap' }));
    await story().applied('scope', [configMap('free-1', { rate: '1' }), configMap('bound', { rate: '1' })], rules);
    await story().patch('cm/free-1', { data: { rate: '5' } });
    await story().patch('cm/bound', { data: { rate: '5' } });
    await eventually(async () => expect(await story().at('cm/bound', 'data.rate')).toBe('1'), settle);
    expect(await story().at('cm/free-1', 'data.rate')).toBe('5');
  });

  it('are those of a manager, when the rule names one', async () => {
    const rules = ignoring(rule([], {}, ['tuner']));
    await story().applied('tuned', [configMap('tuned', { rate: '1', other: 'a' })], rules);
    await story().patch('cm/tuned', { data: { rate: '8' } }, '--field-manager=tuner');
    await story().applied('tuned', [configMap('tuned', { rate: '2', other: 'b' })], rules);
    expect(await story().at('cm/tuned', 'data')).toEqual({ rate: '8', other: 'b' });
  });

  it('[case 31] are all that others change, on an object that says so; the rest follows Git', async () => {
    const edited = (image: string): KubeObject => {
      const object = replicas(1, image, 'edited');
      return { ...object, metadata: { name: 'edited', annotations: { 'fairlead.dev/drift': 'ignore' } } };
    };
    await story().applied('edited', [edited('registry.example/api:1')]);
    await story().kubectl(['scale', 'deploy/edited', '--replicas=4']);
    await story().applied('edited', [edited('registry.example/api:2')]);
    await story().applied('edited', [edited('registry.example/api:3')]);
    expect(await story().at('deploy/edited', 'spec.replicas')).toBe(4);
    expect(await imageOf('edited')).toBe('registry.example/api:3');
  });
});
