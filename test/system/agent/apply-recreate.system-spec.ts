import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';

const settle = { timeoutMs: 15_000 };
const allowed = { 'fairlead.dev/recreate': 'allowed' };

describe('a field that cannot change', () => {
  const story = useApplyStory('apply-recreate');
  const uid = async (object: string) => story().at(object, 'metadata.uid');
  const recreating = { apply: { recreate: true } };

  function frozenSecret(name: string, value: string, metadata: JsonObject = {}): KubeObject {
    const data = { value: story().agent.hub.seal(value) };
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...metadata }, immutable: true, data };
  }

  it('[case 16] of a Secret is reported, and the Secret stays as it is', async () => {
    await story().applied('secret', [frozenSecret('secret', 'first-value')]);
    const before = await story().at('secret/secret', 'metadata.resourceVersion');
    const ack = await story().refused('secret', [frozenSecret('secret', 'second-value')]);
    expect(ack).toMatchObject({
      permanent: true,
      failures: [{ reason: 'ImmutableFieldChanged', message: expect.stringContaining('data') }],
    });
    expect(await story().at('secret/secret', 'metadata.resourceVersion')).toBe(before);
    expect(story().agent.traces()).not.toContain('second-value');
  });

  it('[case 17] of an object that may be made anew is waited for until its finalizers are done', async () => {
    const secret = (value: string) => frozenSecret('guarded', value, { annotations: allowed });
    await story().applied('guarded', [secret('first')]);
    const first = await uid('secret/guarded');
    await story().patch('secret/guarded', { metadata: { finalizers: ['example.dev/hold'] } });
    const assignment = story().assign('guarded', [secret('second')]);
    await eventually(
      async () => expect(await story().at('secret/guarded', 'metadata.deletionTimestamp')).toBeDefined(),
      settle,
    );
    expect(story().ackOf(assignment)?.phase).not.toBe('applied');
    await story().patch('secret/guarded', { metadata: { finalizers: null } });
    await story().healthy(assignment);
    expect(await uid('secret/guarded')).not.toBe(first);
    const value = await story().at('secret/guarded', 'data.value');
    expect(Buffer.from(String(value), 'base64').toString()).toBe('second');
  });

  it('[case 18] of a binding makes a new one when the object allows it', async () => {
    const binding = (role: string): KubeObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'binding', annotations: allowed },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'User', name: 'ann', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    await story().applied('binding', [binding('view')]);
    const first = await uid('rolebinding/binding');
    await story().applied('binding', [binding('edit')]);
    expect(await uid('rolebinding/binding')).not.toBe(first);
    expect(await story().at('rolebinding/binding', 'roleRef.name')).toBe('edit');
  });

  it('[case 18] of a storage class makes a new one when the object allows it', async () => {
    const name = `${story().namespace}-class`;
    const storage = (tier: string): KubeObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name, annotations: allowed },
      provisioner: 'example.dev/disk',
      parameters: { tier },
    });
    await story().applied('class', [storage('slow')]);
    const first = await uid(`storageclass/${name}`);
    await story().applied('class', [storage('fast')]);
    expect(await uid(`storageclass/${name}`)).not.toBe(first);
    expect(await story().at(`storageclass/${name}`, 'parameters.tier')).toBe('fast');
  });

  it('[case 19] does not cost the object when the new one is not valid for another reason', async () => {
    await story().applied('invalid', [deployment('invalid')]);
    const first = await uid('deploy/invalid');
    const moved = deployment('invalid', { labels: { app: 'moved' } });
    const broken = { ...moved, spec: { ...moved.spec, replicas: -1 } };
    const ack = await story().refused('invalid', [broken], recreating);
    expect(ack.failures[0]?.message).toContain('replicas');
    expect(await uid('deploy/invalid')).toBe(first);
    await story().applied('invalid', [moved], recreating);
    expect(await uid('deploy/invalid')).not.toBe(first);
  });

  it('[case 20] never deletes a namespace or a definition for it', async () => {
    const name = `${story().namespace}-space`;
    const space = (finalizer: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, annotations: { ...allowed, note: finalizer } },
    });
    const group = `${story().namespace}.example.dev`;
    const definition = (scope: string): KubeObject => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `locks.${group}`, annotations: allowed },
      spec: {
        group,
        scope,
        names: { kind: 'Lock', plural: 'locks', singular: 'lock' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    await story().applied('denied', [space('a'), definition('Namespaced')], recreating);
    const before = [await uid(`namespace/${name}`), await uid(`crd/locks.${group}`)];
    await story().refused('denied', [space('b'), definition('Cluster')], recreating);
    expect([await uid(`namespace/${name}`), await uid(`crd/locks.${group}`)]).toEqual(before);
  });

  it('finishes when the agent was killed between the deletion and the new object', async () => {
    await story().applied('killed', [deployment('killed'), configMap('beside', {})]);
    const isDelete = (request: { method: string; url: string }) =>
      request.method === 'DELETE' && request.url.includes('/deployments/killed');
    story().stub.once(isDelete, { kind: 'after', run: () => story().agent.program.kill9() });
    const assignment = story().assign('killed', [deployment('killed', { labels: { app: 'new' } })], recreating);
    await eventually(async () => expect((await story().tryKubectl(['get', 'deploy/killed'])).code).toBe(1), settle);
    expect(await story().inventory('killed')).toContain('/killed');
    story().agent.restart();
    await story().healthy(assignment);
    expect(await story().at('deploy/killed', 'spec.selector.matchLabels.app')).toBe('new');
  });
});
