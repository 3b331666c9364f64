import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

const report = { settings: { driftMode: 'report' as const } };

describe('drift of a field', () => {
  const story = useApplyStory('drift-fields');
  const told = (app: string) => new DriftTold(story().agent.hub, app);
  const dataOf = (name: string) => story().at(`configmap/${name}`, 'data');
  const edit = (object: string, change: unknown) => story().patch(object, change, '--field-manager=kubectl-edit');

  it('[case 132] names the field, both values, who changed it, how and when, and is put back', async () => {
    await story().applied('edited', [configMap('edited', { rate: '100' })]);
    const drift = told('edited');
    await edit('configmap/edited', { data: { rate: '9999' } });
    const item = await drift.item('/data/rate');
    expect(item).toMatchObject({ change: 'changed', desired: '100', live: '9999', contended: false });
    expect(item).toMatchObject({ manager: 'kubectl-edit', operation: 'Update', confidence: 'high' });
    expect(Date.parse(item.managerAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await drift.end('/data/rate', 'corrected');
    expect(await dataOf('edited')).toEqual({ rate: '100' });
  });

  it('[case 139] [case 159] is reported and never written in report mode, also where our own entry looks untouched', async () => {
    await story().applied('watched', [configMap('watched', { rate: '100' })], report);
    const ours = async () => {
      const entries = (await story().live('configmap/watched')).metadata['managedFields'] as JsonObject[];
      return entries.find((entry) => entry['manager'] === 'fairlead')?.['time'];
    };
    const before = await ours();
    const drift = told('watched');
    story().stub.forget();
    await edit('configmap/watched', { data: { rate: '7' } });
    await drift.item('/data/rate');
    expect(await ours()).toBe(before);
    await edit('configmap/watched', { data: { rate: '8' } });
    await eventually(() => expect(drift.opened.at(-1)?.live).toBe('8'));
    await edit('configmap/watched', { data: { rate: '100' } });
    await drift.end('/data/rate', 'reverted');
    // Nobody but them holds the field now: it is watched all the same.
    await edit('configmap/watched', { data: { rate: '9' } });
    await eventually(() => expect(drift.opened.at(-1)?.live).toBe('9'));
    const writes = story().stub.writes();
    expect(writes.filter(({ url }) => url.includes('/configmaps/watched'))).toEqual([]);
  });

  it('[case 159] is put back by one write in correct mode', async () => {
    await story().applied('once', [configMap('once', { rate: '100' })]);
    const drift = told('once');
    story().stub.forget();
    await edit('configmap/once', { data: { rate: '7' } });
    await drift.end('/data/rate', 'corrected');
    expect(
      story()
        .stub.writes()
        .filter(({ url }) => url.includes('/configmaps/once?')),
    ).toHaveLength(1);
  });

  it('[case 133] is not what a controller sets beside it', async () => {
    await story().applied('beside', [deployment('beside')]);
    const drift = told('beside');
    const note = { metadata: { annotations: { 'example.dev/seen': 'yes' } }, spec: { minReadySeconds: 1 } };
    await story().patch('deployment/beside', note, '--field-manager=kube-controller-manager');
    await edit('deployment/beside', { spec: { replicas: 3 } });
    await drift.end('/spec/replicas', 'corrected');
    expect(drift.paths()).toEqual(['/spec/replicas']);
    expect(drift.unmanaged).toEqual([]);
    expect(await story().at('deployment/beside', 'spec.minReadySeconds')).toBe(1);
  });

  it('[case 135] is a label of ours that is gone, and no label of others that came', async () => {
    await story().applied('labels', [withLabels('labels', { team: 'blue' })]);
    const drift = told('labels');
    await edit('configmap/labels', { metadata: { labels: { team: null, 'example.dev/mine': 'x' } } });
    expect(await drift.item('/metadata/labels/team')).toMatchObject({ change: 'removed', desired: 'blue', live: null });
    await drift.end('/metadata/labels/team', 'corrected');
    expect(drift.paths()).toEqual(['/metadata/labels/team']);
    expect(await drift.unmanagedItem('/metadata/labels/example.dev~1mine')).toMatchObject({ live: 'x' });
    expect(await story().at('configmap/labels', 'metadata.labels')).toMatchObject({
      team: 'blue',
      'example.dev/mine': 'x',
    });
  });

  it('[case 136] is told annotation by annotation when all of them are gone', async () => {
    const object = withLabels('bare', {});
    object.metadata['annotations'] = { 'example.dev/note': 'n' };
    await story().applied('bare', [object]);
    const drift = told('bare');
    await edit('configmap/bare', { metadata: { annotations: null } });
    await drift.end('/metadata/annotations/example.dev~1note', 'corrected');
    expect(drift.paths()).toEqual([
      '/metadata/annotations/example.dev~1note',
      '/metadata/annotations/fairlead.dev~1tracking-id',
    ]);
  });

  it('[case 137] is a field that a replacement left out', async () => {
    await story().applied('replaced', [configMap('replaced', { rate: '100', size: '1' })]);
    const drift = told('replaced');
    const { metadata, ...rest } = await story().live('configmap/replaced');
    const { managedFields: _fields, resourceVersion: _version, ...kept } = metadata;
    await story().kubectl(['replace', '-f', '-'], { ...rest, metadata: kept, data: { size: '1', extra: '2' } });
    expect(await drift.item('/data/rate')).toMatchObject({
      change: 'removed',
      desired: '100',
      manager: 'kubectl-replace',
      confidence: 'low',
    });
    await drift.end('/data/rate', 'corrected');
  });

  it('[case 138] is none when the value was edited and put back, and the field is ours again', async () => {
    await story().applied('flipped', [configMap('flipped', { rate: '100' })]);
    const drift = told('flipped');
    const isLook = ({ method, url }: { method: string; url: string }) =>
      method === 'GET' && url.endsWith('/configmaps/flipped');
    story().stub.once(isLook, { kind: 'before', run: () => edit('configmap/flipped', { data: { rate: '100' } }) });
    await edit('configmap/flipped', { data: { rate: '9' } });
    await eventually(async () => {
      const entries = (await story().live('configmap/flipped')).metadata['managedFields'] as JsonObject[];
      expect(JSON.stringify(entries.find((entry) => entry['manager'] === 'fairlead'))).toContain('f:rate');
    });
    expect(drift.opened).toEqual([]);
  });

  it('[case 140] is none when somebody wiped who owns what, and the fields are ours again', async () => {
    await story().applied('wiped', [configMap('wiped', { rate: '100' })]);
    const drift = told('wiped');
    await story().patch('configmap/wiped', { metadata: { managedFields: [{}] } });
    await eventually(async () => expect(await story().managers('configmap/wiped')).toContain('fairlead Apply'));
    expect(drift.opened).toEqual([]);
  });

  it('[case 141] names the merged entry where too many have written, and is not sure of it', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    const all = (value: string) => Object.fromEntries(keys.map((key) => [key, value]));
    await story().applied('crowd', [configMap('crowd', all('ours'))], report);
    const drift = told('crowd');
    for (const key of keys) {
      await story().patch('configmap/crowd', { data: { [key]: 'theirs' } }, `--field-manager=tool-${key}`);
    }
    await eventually(() => {
      const merged = drift.opened.filter(({ manager }) => manager === 'ancient-changes');
      expect(merged.length).toBeGreaterThan(0);
      expect(merged.every(({ confidence }) => confidence === 'low')).toBe(true);
      expect(drift.paths()).toHaveLength(keys.length);
    });
  });

  it('[case 142] by kubectl scale names the way it was written', async () => {
    await story().applied('scaled', [deployment('scaled')]);
    const drift = told('scaled');
    await story().kubectl(['scale', 'deployment/scaled', '--replicas=4']);
    expect(await drift.item('/spec/replicas')).toMatchObject({
      manager: 'kubectl',
      operation: 'Update/scale',
      live: 4,
    });
    await drift.end('/spec/replicas', 'corrected');
  });

  it('[case 146] of a list item is told item by item, whatever its key is made of', async () => {
    const object = deployment('ports');
    Object.assign(object.spec.template.spec.containers[0] as object, {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [
        { containerPort: 53, protocol: 'UDP' },
        { containerPort: 53, protocol: 'TCP', name: 'dns' },
      ],
    });
    await story().applied('ports', [object]);
    const drift = told('ports');
    const container = '/spec/template/spec/containers/0';
    const change = [
      { op: 'replace', path: `${container}/env/1/value`, value: '3' },
      { op: 'replace', path: `${container}/ports/1/name`, value: 'other' },
    ];
    await story().kubectl(['patch', 'deployment/ports', '--type=json', '-p', JSON.stringify(change)]);
    await drift.end(`${container}/env/1/value`, 'corrected');
    expect(drift.paths()).toEqual([`${container}/env/1/value`, `${container}/ports/1/name`]);
  });

  it('[case 152] of a Secret shows that a value differs, also an empty one, and never the value', async () => {
    const secret: KubeObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'secret' },
      data: { token: story().agent.hub.seal('correct-horse'), none: story().agent.hub.seal('') },
    };
    await story().applied('secret', [secret]);
    const drift = told('secret');
    const data = { token: base64('battery-stapl'), none: base64('x') };
    await edit('secret/secret', { data });
    const token = await drift.item('/data/token');
    const none = await drift.item('/data/none');
    for (const { desired, live } of [token, none]) {
      expect([desired, live]).toEqual([expect.stringMatching(/^masked:/), expect.stringMatching(/^masked:/)]);
      expect(desired).not.toBe(live);
    }
    await drift.end('/data/token', 'corrected');
    expect(story().agent.traces()).not.toMatch(
      new RegExp(['correct-horse', 'battery-stapl', base64('correct-horse'), data.token].join('|')),
    );
  });

  it('[case 158] is none of what we write ourselves', async () => {
    const objects = Array.from({ length: 20 }, (_, index) => configMap(`own-${index}`, { rate: '1' }));
    await story().applied('own', [...objects, configMap('own-last', { rate: '1' })]);
    const drift = told('own');
    story().stub.forget();
    await story().applied('own', [
      ...objects.map((object) => ({ ...object, data: { rate: '2' } })),
      configMap('own-last', { rate: '1' }),
    ]);
    await edit('configmap/own-last', { data: { rate: '3' } });
    await drift.end('/data/rate', 'corrected');
    const looks = story().stub.requests.filter(({ method, url }) => method === 'GET' && /configmaps\/own-\d/.test(url));
    expect(looks).toEqual([]);
    // A report may come twice, when its confirmation was lost; what it tells is the same.
    const items = new Set(drift.opened.map(({ object, live }) => `${object.split('/').at(-1)} ${String(live)}`));
    expect([...items]).toEqual(['own-last 3']);
  });

  it('[case 160] is a label of ours that somebody took off; the object is not made anew', async () => {
    await story().applied('unmarked', [configMap('unmarked', { rate: '1' })]);
    const drift = told('unmarked');
    const uid = await story().at('configmap/unmarked', 'metadata.uid');
    await story().kubectl(['label', 'configmap/unmarked', 'fairlead.dev/app-']);
    expect(await drift.item('/metadata/labels/fairlead.dev~1app')).toMatchObject({ change: 'removed' });
    await drift.end('/metadata/labels/fairlead.dev~1app', 'corrected');
    expect(await story().at('configmap/unmarked', 'metadata.uid')).toBe(uid);
    expect(drift.opened.filter(({ change }) => change === 'object-deleted')).toEqual([]);
  });

  it('of an object that somebody made anew without our marks ends with the object marked', async () => {
    await story().applied('anew', [configMap('anew', { rate: '1' })]);
    const uid = await story().at('configmap/anew', 'metadata.uid');
    const isLook = ({ method, url }: { method: string; url: string }) =>
      method === 'GET' && url.endsWith('/configmaps/anew');
    const remake = () => story().kubectl(['create', '-f', '-'], configMap('anew', { rate: '2' }));
    story().stub.once(isLook, { kind: 'before', run: remake });
    await story().kubectl(['delete', 'configmap/anew']);
    await eventually(async () => {
      const { metadata, data } = (await story().live('configmap/anew')) as KubeObject & { data: JsonObject };
      expect(metadata['uid']).not.toBe(uid);
      expect(metadata['labels']).toMatchObject({ 'fairlead.dev/app': 'anew' });
      expect(data).toEqual({ rate: '1' });
    });
  });
});

function withLabels(name: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { rate: '1' } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
