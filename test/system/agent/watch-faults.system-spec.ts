import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import type { Fault, SeenRequest } from '../../harness/api-stub.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

const silenceMs = 1_500;
const late = { timeoutMs: 15_000 };
const report = { settings: { driftMode: 'report' as const } };

describe('a watch', () => {
  const story = useApplyStory('watch-faults', {
    FAIRLEAD_WATCH_SILENCE_MS: String(silenceMs),
    FAIRLEAD_POLL_INTERVAL_MS: '500',
  });
  const told = (app: string) => new DriftTold(story().agent.hub, app);
  const edit = (object: string, change: unknown) => story().patch(object, change, '--field-manager=kubectl-edit');

  it.each<[string, Fault]>([
    ['HTTP 410', { kind: 'answer', status: 410 }],
    ['an ERROR event of code 410', { kind: 'answer', status: 200, body: '{"type":"ERROR","object":{"code":410}}\n' }],
  ])('[case 183] that is told its version is forgotten by %s misses no deletion', async (name, expired) => {
    const app = `forgotten-${name.length}`;
    await story().applied(app, [configMap(app, { rate: '1' })], report);
    const drift = told(app);
    // A stream that keeps the deletion to itself, and at the next one the server has forgotten everything.
    const faults: Fault[] = [{ kind: 'rewrite', chunk: (text) => (text.includes('DELETED') ? '' : text) }, expired];
    let asked = 0;
    const stop = story().stub.on((request) => {
      if (!resumes(request, 'configmaps')) return null;
      asked += 1;
      return faults.shift() ?? null;
    });
    await eventually(() => expect(asked).toBe(1), late);
    await story().kubectl(['delete', `configmap/${app}`]);
    await eventually(() => expect(drift.opened).toMatchObject([{ change: 'object-deleted' }]), late);
    expect(asked).toBeGreaterThanOrEqual(2);
    stop();
  });

  it('[case 184] whose connection is half open is taken up again, and nothing is missed', async () => {
    await story().applied('deaf', [configMap('deaf', { rate: '1' })]);
    const drift = told('deaf');
    let asked = 0;
    const stop = story().stub.on((request) => {
      if (!resumes(request, 'configmaps')) return null;
      asked += 1;
      return asked === 1 ? { kind: 'rewrite', chunk: () => '' } : null;
    });
    await eventually(() => expect(asked).toBe(1), late);
    await edit('configmap/deaf', { data: { rate: '2' } });
    await drift.end('/data/rate', 'corrected');
    expect(asked).toBeGreaterThanOrEqual(2);
    stop();
  });

  it('[case 185] that is closed at once, again and again, makes no storm, and goes on afterwards', async () => {
    await story().applied('closing', [configMap('closing', { rate: '1' })]);
    const drift = told('closing');
    const times: number[] = [];
    const stop = story().stub.on((request) => {
      if (!resumes(request, 'configmaps')) return null;
      times.push(request.at);
      return { kind: 'answer', status: 200, body: '' };
    });
    await eventually(() => expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(5_000), {
      timeoutMs: 30_000,
    });
    // Without waiting there would be thousands.
    expect(times.length).toBeLessThan(40);
    stop();
    await edit('configmap/closing', { data: { rate: '2' } });
    await drift.end('/data/rate', 'corrected');
  }, 60_000);

  it('that is cut in the middle of an event goes on', async () => {
    await story().applied('cut', [configMap('cut', { rate: '1' })]);
    const drift = told('cut');
    let asked = 0;
    const stop = story().stub.on((request) => {
      if (!resumes(request, 'configmaps')) return null;
      asked += 1;
      return asked === 1 ? { kind: 'truncate', bytes: 50 } : null;
    });
    await eventually(() => expect(asked).toBe(1), late);
    await edit('configmap/cut', { data: { rate: '2' } });
    await drift.end('/data/rate', 'corrected');
    stop();
  });

  it('[case 177] that is forbidden is replaced by looking at one object after the other, and that is said', async () => {
    const isWatch = ({ method, url }: SeenRequest) => method === 'GET' && /^\/api\/v1\/serviceaccounts\?/.test(url);
    const stop = story().stub.on((request) => (isWatch(request) ? { kind: 'answer', status: 403 } : null));
    const assignment = story().assign('unseen', [account('blue')]);
    await story().healthy(assignment);
    const hasNotice = () =>
      story()
        .agent.hub.statuses('unseen')
        .at(-1)
        ?.notices.some(({ reason, message }) => reason === 'WatchForbidden' && message.includes('ServiceAccount'));
    await eventually(() => expect(hasNotice()).toBe(true), late);
    const drift = told('unseen');
    await edit('serviceaccount/unseen', { metadata: { labels: { team: 'red' } } });
    await drift.end('/metadata/labels/team', 'corrected');
    await story().kubectl(['delete', 'serviceaccount/unseen']);
    await drift.end('', 'corrected');
    stop();
    await eventually(() => expect(hasNotice()).toBe(false), late);
  }, 60_000);

  it('of one kind that hangs keeps no app from being applied', async () => {
    const isWatch = ({ url }: SeenRequest) => /^\/api\/v1\/services\?/.test(url);
    const stop = story().stub.on((request) => (isWatch(request) ? { kind: 'hang' } : null));
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'hangs' },
      spec: { ports: [{ port: 80 }] },
    };
    const hanging = story().assign('hangs', [service]);
    await story().applied('free', [configMap('free', { rate: '1' })]);
    await story().healthy(hanging);
    stop();
  }, 40_000);

  it('[case 186] ends with its kind, and begins again when the kind is back', async () => {
    const group = `${story().namespace}.example.dev`;
    const definition = definitionOf(group);
    await story().kubectl(['create', '-f', '-'], definition);
    await story().kubectl(['wait', `crd/lamps.${group}`, '--for=condition=Established', '--timeout=20s']);
    const lamp: KubeObject = {
      apiVersion: `${group}/v1`,
      kind: 'Lamp',
      metadata: { name: 'lamp' },
      spec: { on: true },
    };
    await story().applied('lamps', [lamp]);
    const drift = told('lamps');
    await story().kubectl(['delete', `crd/lamps.${group}`]);
    await drift.item('');
    const watched = () => story().stub.requests.filter((request) => isWatchOf(request, 'lamps')).length;
    await story().kubectl(['create', '-f', '-'], definition);
    await eventually(async () => expect(await story().at(`lamps.${group}/lamp`, 'spec.on')).toBe(true), {
      timeoutMs: 30_000,
    });
    const before = watched();
    await eventually(() => expect(watched()).toBeGreaterThan(before), late);
    const again = told('lamps');
    await edit(`lamps.${group}/lamp`, { spec: { on: false } });
    await again.end('/spec/on', 'corrected');
    await story().kubectl(['delete', `crd/lamps.${group}`, '--wait=false']);
    story().assign('lamps', [configMap('lamps-over', {})], { settings: { driftMode: 'off' } });
  }, 60_000);
});

function account(team: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'unseen', labels: { team } } };
}

function definitionOf(group: string): KubeObject {
  const spec = { type: 'object', properties: { on: { type: 'boolean' } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `lamps.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Lamp', plural: 'lamps', singular: 'lamp' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

function isWatchOf({ method, url }: SeenRequest, plural: string): boolean {
  return method === 'GET' && url.includes(`/${plural}?`) && url.includes('watch=true');
}

/** A stream that goes on from a version that was seen. */
function resumes(request: SeenRequest, plural: string): boolean {
  return isWatchOf(request, plural) && request.url.includes('resourceVersion=');
}
