import type { KubeObject } from '@fairlead/manifests';
import type { Assignment, TargetSettings } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useStubbedAgent } from '../../harness/stubbed-agent.ts';

const run = Date.now().toString(36);
const agentNamespace = `plan-valid-${run}`;
const settle = { timeoutMs: 20_000 };

describe('a bundle that is not valid', () => {
  const on = useStubbedAgent(agentNamespace);

  const kubectl = async (...args: string[]) => (await on.cluster.kubectl(args)).stdout;
  const namespaceOf = (app: string) => `${app}-${run}`;
  const namesIn = async (app: string) =>
    (await kubectl('-n', namespaceOf(app), 'get', 'configmaps', '-l', 'fairlead.dev/app', '-o', 'name'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace('configmap/', ''));
  const inventoryOf = (app: string) =>
    kubectl('-n', agentNamespace, 'get', 'configmap', `fairlead-inventory-${app}`, '-o', 'jsonpath={.data.objects}');
  const assign = (app: string, objects: readonly KubeObject[], onInvalid: 'reject' | 'skip' = 'reject', rest = {}) => {
    const settings = { namespace: namespaceOf(app), createNamespace: true, ...rest };
    const apply: TargetSettings['apply'] = {
      conflicts: 'force',
      adopt: 'unowned',
      recreate: false,
      takeOver: [],
      onInvalid,
    };
    return on.agent.hub.assign(app, objects, { settings: { ...settings, apply } });
  };
  const healthy = (assignment: Assignment) => eventually(() => on.agent.hub.expectHealthy(assignment), settle);
  const failed = (assignment: Assignment) =>
    eventually(() => {
      const ack = on.agent.hub.acks(assignment.app).findLast(({ counter }) => counter === assignment.counter);
      if (ack?.phase !== 'failed') throw new Error(`ack is ${JSON.stringify(ack)}`);
      return ack;
    }, settle);
  const withMetadata = (object: KubeObject, metadata: object) =>
    ({ ...object, metadata: { ...object.metadata, ...metadata } }) as KubeObject;
  const writesOf = (app: string) => on.stub.writes().filter(({ url }) => url.includes(namespaceOf(app)));

  it('[case 83] [case 87] [case 169] [case 170] [case 171] is rejected whole: nothing is written, and every object says all that is wrong', async () => {
    const assignment = assign('valid-all', [
      configMap('fine', {}),
      withMetadata(configMap('marked', {}), {
        labels: { 'fairlead.dev/app': 'valid-all', 'applyset.kubernetes.io/part-of': 'applyset-x-v1' },
      }),
      withMetadata(configMap('fairlead-inventory-valid-all', {}), { namespace: agentNamespace }),
      withMetadata(configMap('', {}), { generateName: 'new-' }),
      withMetadata({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'placed' } }, { namespace: 'elsewhere' }),
    ]);
    const ack = await failed(assignment);
    expect(ack).toMatchObject({
      permanent: true,
      message: 'nothing was applied, because 4 objects are not valid',
    });
    const messages = Object.fromEntries(ack.failures.map(({ object, message }) => [object, message]));
    expect(ack.failures.map(({ reason }) => reason)).toEqual(Array.from({ length: 4 }, () => 'InvalidManifest'));
    expect(messages[`/ConfigMap/${namespaceOf('valid-all')}/marked`]).toMatch(/fairlead\.dev\/app.*; .*part-of/);
    expect(messages[`/ConfigMap/${agentNamespace}/fairlead-inventory-valid-all`]).toContain('belongs to the agent');
    expect(messages[`/ConfigMap/${namespaceOf('valid-all')}/`]).toContain('generateName');
    expect(messages['/Namespace//placed']).toBe('Namespace has no namespace, but the object names "elsewhere"');
    expect(writesOf('valid-all')).toEqual([]);
    const status = await eventually(
      () => on.agent.hub.expectStatus(assignment, ({ health }) => health === 'failed'),
      settle,
    );
    expect(status.failing.map(({ reason }) => reason)).toContain('InvalidManifest');
  });

  it('[case 171] has a namespaced object for which nobody names a namespace', async () => {
    const assignment = assign('valid-nowhere', [configMap('nowhere', {})], 'reject', { namespace: null });
    expect((await failed(assignment)).failures[0]?.message).toContain(
      'neither the object nor the app names a namespace',
    );
    expect(await kubectl('-n', 'default', 'get', 'configmap', 'nowhere', '--ignore-not-found')).toBe('');
  });

  it('has an object twice when one names the namespace of the app and the other none', async () => {
    const twice = configMap('twice', { v: '1' });
    const assignment = assign('valid-twice', [
      twice,
      withMetadata(configMap('twice', { v: '2' }), { namespace: namespaceOf('valid-twice') }),
    ]);
    const { failures } = await failed(assignment);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.message).toContain('it is there twice');
  });

  it('[case 199] leaves the app as it was, and prunes nothing, when it is rejected', async () => {
    const first = assign('valid-reject', [configMap('kept', { v: '1' }), configMap('gone', {})]);
    await healthy(first);
    const broken = withMetadata(configMap('broken', {}), { labels: { 'fairlead.dev/app': 'x' } });
    await failed(assign('valid-reject', [configMap('kept', { v: '2' }), configMap('new', {}), broken]));
    expect(await namesIn('valid-reject')).toEqual(['gone', 'kept']);
    expect(
      await kubectl('-n', namespaceOf('valid-reject'), 'get', 'configmap', 'kept', '-o', 'jsonpath={.data.v}'),
    ).toBe('1');
    expect(await inventoryOf('valid-reject')).toContain('gone');
  });

  it('[case 199] is applied without what is not valid where the app says so, and nothing that was valid before is pruned', async () => {
    const first = assign(
      'valid-skip',
      [configMap('kept', { v: '1' }), configMap('turns', { v: '1' }), configMap('gone', {})],
      'skip',
    );
    await healthy(first);
    const invalid = (name: string) =>
      withMetadata(configMap(name, { v: '2' }), { labels: { 'fairlead.dev/app': 'x' } });
    const ack = await failed(
      assign('valid-skip', [configMap('kept', { v: '2' }), invalid('turns'), invalid('never')], 'skip'),
    );
    expect(ack.failures.map(({ object, reason }) => `${object.split('/').at(-1)} ${reason}`).sort()).toEqual([
      'never InvalidManifest',
      'turns InvalidManifest',
    ]);
    expect(await namesIn('valid-skip')).toEqual(['gone', 'kept', 'turns']);
    const value = (name: string) =>
      kubectl('-n', namespaceOf('valid-skip'), 'get', 'configmap', name, '-o', 'jsonpath={.data.v}');
    expect([await value('kept'), await value('turns')]).toEqual(['2', '1']);
    const inventory = await inventoryOf('valid-skip');
    expect([inventory.includes('turns'), inventory.includes('never')]).toEqual([true, false]);
  });

  it('[case 42] [case 43] [case 44] skips a cycle and what depends on it, and applies all others', async () => {
    const dependsOn = (name: string, on: string) =>
      withMetadata(configMap(name, {}), { annotations: { 'fairlead.dev/depends-on': `/ConfigMap//${on}` } });
    const objects = [
      dependsOn('round-a', 'round-b'),
      dependsOn('round-b', 'round-a'),
      dependsOn('behind', 'round-a'),
      dependsOn('outside', 'nobody'),
      configMap('free', {}),
    ];
    const ack = await failed(assign('valid-cycle', objects, 'skip'));
    expect(ack.failures.map(({ object, reason }) => `${object.split('/').at(-1)} ${reason}`)).toEqual([
      'outside InvalidManifest',
      'round-a InvalidManifest',
      'round-b InvalidManifest',
      'behind DependencyFailed',
    ]);
    expect(ack.failures[1]?.message).toContain('form a cycle');
    expect(await namesIn('valid-cycle')).toEqual(['free']);
    await failed(assign('valid-cycle-reject', objects));
    expect(writesOf('valid-cycle-reject')).toEqual([]);
  });

  it('[case 174] does not stop for a namespace that is not there', async () => {
    const missing = `valid-nowhere-else-${run}`;
    const assignment = assign('valid-missing', [
      withMetadata(configMap('homeless', {}), { namespace: missing }),
      configMap('housed', {}),
    ]);
    const ack = await failed(assignment);
    expect(ack).toMatchObject({
      permanent: false,
      failures: [{ object: `/ConfigMap/${missing}/homeless`, reason: 'NamespaceMissing' }],
    });
    expect(await namesIn('valid-missing')).toEqual(['housed']);
    await kubectl('create', 'namespace', missing);
    await healthy(assignment);
  });

  it('[case 173] keeps the place of an object while the group of its kind does not answer', async () => {
    const group = `valid-${run}.example.dev`;
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `realms.${group}` },
      spec: {
        group,
        scope: 'Cluster',
        names: { kind: 'Realm', plural: 'realms', singular: 'realm' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await on.cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(definition) });
    try {
      // As renderers write it that do not know the kind.
      const place = namespaceOf('valid-realm');
      const realm = withMetadata(
        { apiVersion: `${group}/v1`, kind: 'Realm', metadata: { name: 'main' } },
        { namespace: place },
      );
      const first = assign('valid-realm', [realm, configMap('rest', { v: '1' })]);
      await healthy(first);
      const quiet = on.stub.on(({ url }) =>
        url === `/apis/${group}/v1` ? { kind: 'answer', status: 503, body: { message: 'away' } } : null,
      );
      await on.agent.program.stop();
      on.agent.restart();
      await on.agent.connected(on.agent.hub.sessions);
      const next = assign('valid-realm', [realm, configMap('rest', { v: '2' })]);
      const ack = await failed(next);
      expect(ack).toMatchObject({ permanent: false, failures: [{ object: `${group}/Realm//main` }] });
      expect(await kubectl('-n', place, 'get', 'configmap', 'rest', '-o', 'jsonpath={.data.v}')).toBe('2');
      expect(await inventoryOf('valid-realm')).toContain(`${group}/Realm//main`);
      quiet();
      await healthy(next);
    } finally {
      await kubectl('delete', 'crd', `realms.${group}`, '--wait=false');
    }
  });

  it('[case 30] writes nothing at all while the app is frozen', async () => {
    const objects = [configMap('still', { v: '1' }), deployment('still')];
    await healthy(assign('valid-frozen', objects));
    on.stub.forget();
    const settings = { namespace: namespaceOf('valid-frozen'), createNamespace: true };
    const frozen = on.agent.hub.assign('valid-frozen', [configMap('still', { v: '2' }), configMap('new', {})], {
      mode: 'frozen',
      settings,
    });
    await eventually(() => on.agent.hub.expectStatus(frozen, () => true), settle);
    // The next app is through: whatever the frozen one was going to do, it had its turn.
    await healthy(assign('valid-beside', [configMap('beside', {})]));
    expect(writesOf('valid-frozen')).toEqual([]);
    expect(on.stub.writes().filter(({ url }) => url.includes('inventory-valid-frozen'))).toEqual([]);
  });
});
