import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';

describe('an object that was there before the app', () => {
  const story = useApplyStory('apply-adoption');
  const adopt = (policy: 'unowned' | 'never' | 'always') => ({ apply: { adopt: policy } });

  it('[case 88] is adopted when nobody owns it', async () => {
    await story().byHand(configMap('found', { by: 'hand' }), '--server-side');
    await story().applied('found', [configMap('found', { by: 'git' })]);
    expect(await story().at('cm/found', 'data.by')).toBe('git');
    expect(await story().at('cm/found', 'metadata.labels')).toMatchObject({ 'fairlead.dev/app': 'found' });
    expect(await story().inventory('found')).toContain(`/ConfigMap/${story().namespace}/found`);
  });

  it('[case 88] is refused by an app that adopts nothing, and not touched; what is missing is made', async () => {
    await story().byHand(configMap('strange', { by: 'hand' }), '--server-side');
    const ack = await story().refused(
      'strange',
      [configMap('strange', { by: 'git' }), configMap('own', {})],
      adopt('never'),
    );
    expect(ack).toMatchObject({
      permanent: true,
      failures: [{ object: `/ConfigMap/${story().namespace}/strange`, reason: 'NotOwned' }],
    });
    expect(ack.failures).toHaveLength(1);
    expect(await story().managers('cm/strange')).toEqual(['kubectl Apply']);
    expect(await story().managers('cm/own')).toEqual(['fairlead Apply']);
  });

  it('[case 88] [case 89] is judged in the same way when many are new at once', async () => {
    const name = (index: number) => `crowd-${index}`;
    await story().byHand(configMap(name(3), { by: 'hand' }), '--server-side');
    story().stub.forget();
    const crowd = Array.from({ length: 20 }, (_, index) => configMap(name(index), { by: 'git' }));
    const ack = await story().refused('crowd', crowd, adopt('never'));
    expect(ack.failures).toMatchObject([{ object: `/ConfigMap/${story().namespace}/crowd-3`, reason: 'NotOwned' }]);
    const looks = story().stub.requests.filter(
      ({ method, url }) => method === 'GET' && /configmaps(\/crowd|\?)/.test(url),
    );
    expect(looks.filter(({ url }) => !url.includes('watch=')).length).toBeLessThanOrEqual(3);
    expect(await story().at('cm/crowd-3', 'data.by')).toBe('hand');
    expect(await story().at('cm/crowd-4', 'data.by')).toBe('git');
  });

  it('[case 89] of an app of another agent is refused, naming it, unless the app adopts always', async () => {
    const mine = configMap('foreign', { by: 'git' });
    const marked = {
      ...mine,
      metadata: {
        name: 'foreign',
        labels: { 'fairlead.dev/app': 'theirs', 'applyset.kubernetes.io/part-of': 'applyset-of-another-agent' },
        annotations: { 'fairlead.dev/tracking-id': `theirs:/ConfigMap:${story().namespace}/foreign` },
      },
      data: { by: 'them' },
    };
    await story().byHand(marked, '--server-side');
    const ack = await story().refused('foreign', [mine]);
    expect(ack.failures).toMatchObject([{ reason: 'OwnedByAnother', message: expect.stringContaining('"theirs"') }]);
    expect(await story().at('cm/foreign', 'data.by')).toBe('them');
    await story().applied('foreign', [mine], adopt('always'));
    expect(await story().at('cm/foreign', 'data.by')).toBe('git');
  });

  it.each([
    { tool: 'an ApplySet', manager: 'kubectl', mark: ['labels', 'applyset.kubernetes.io/part-of', 'applyset-x-v1'] },
    {
      tool: 'Argo CD (web)',
      manager: 'argocd-controller',
      mark: ['annotations', 'argocd.argoproj.io/tracking-id', 'web:/ConfigMap:NAMESPACE/by-argocd-controller'],
    },
    {
      tool: 'Flux (Kustomization',
      manager: 'kustomize-controller',
      mark: ['labels', 'kustomize.toolkit.fluxcd.io/name', 'apps'],
    },
    { tool: 'Helm (release', manager: 'helm', mark: ['annotations', 'meta.helm.sh/release-name', 'web'] },
  ])('[case 89] of $tool is refused until the app takes over from that tool', async ({ tool, manager, mark }) => {
    const name = `by-${manager}`;
    const [field = '', key = '', value = ''] = mark;
    const theirs = {
      ...configMap(name, { by: 'tool', old: 'x' }),
      metadata: { name, [field]: { [key]: value.replace('NAMESPACE', story().namespace) } },
    };
    await story().byHand(theirs, '--server-side', `--field-manager=${manager}`);
    const ack = await story().refused(name, [configMap(name, { by: 'git' })]);
    expect(ack.failures).toMatchObject([
      { reason: 'OwnedByAnother', message: expect.stringContaining(tool.replace('an ', '')) },
    ]);
    await story().applied(name, [configMap(name, { by: 'git' })], {
      apply: { takeOver: [{ name: manager, match: 'exact' }] },
    });
    expect(await story().managers(`cm/${name}`)).toEqual(['fairlead Apply']);
    const live = await story().live(`cm/${name}`);
    expect(live['data']).toEqual({ by: 'git' });
    expect(live.metadata[field]).not.toMatchObject({ [key]: value });
  });

  it('[case 90] [case 91] of another app here stays with the app that had it first', async () => {
    await story().applied('owner', [configMap('shared', { of: 'owner', extra: 'owner' })]);
    const ack = await story().refused('thief', [configMap('shared', { of: 'thief' })], adopt('always'));
    expect(ack.failures).toMatchObject([
      {
        object: `/ConfigMap/${story().namespace}/shared`,
        reason: 'OwnedByAnother',
        message: expect.stringContaining('"owner"'),
      },
    ]);
    expect(await story().at('cm/shared', 'data')).toEqual({ of: 'owner', extra: 'owner' });
  });

  it('[case 99] keeps the fields of others when the app reports conflicts, and says which and whose', async () => {
    const report = { apply: { conflicts: 'report' as const } };
    await story().applied('polite', [deployment('polite')], report);
    await story().patch('deploy/polite', { spec: { replicas: 2 } }, '--field-manager=scaler');
    const wanted = deployment('polite', { image: 'registry.example/api:2' });
    const ack = await story().refused('polite', [{ ...wanted, spec: { ...wanted.spec, replicas: 3 } }], report);
    expect(ack.failures).toMatchObject([
      { reason: 'Conflict', message: expect.stringMatching(/^others hold .*\.spec\.replicas.*scaler/) },
    ]);
    const live = await story().live('deploy/polite');
    expect(JSON.stringify(live['spec'])).toContain('"replicas":2');
    expect(JSON.stringify(live['spec'])).toContain('registry.example/api:1');
  });
});
