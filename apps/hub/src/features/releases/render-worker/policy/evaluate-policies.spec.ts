import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { parseApp, parsePolicies, type AppManifest, type Policy } from '@fairlead/render';
import { evaluatePolicies, policyFactNames } from './evaluate-policies.ts';
import { problemOf } from './expression.ts';
import { starterPack } from './starter-pack.ts';

const cluster = {
  name: 'west-1',
  labels: { env: 'prod' },
  annotations: {},
  kubernetesVersion: 'v1.34.3',
  schemas: '1.34',
  today: '2026-06-01',
};

function app(): AppManifest {
  const text = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec: { namespace: shop }\n';
  const parsed = parseApp(text, 'shop/fairlead.yaml');
  if (!parsed.ok) throw new Error('the app is not right');
  return parsed.app;
}

function policies(...specs: JsonObject[]): readonly Policy[] {
  const text = specs
    .map((spec, index) =>
      JSON.stringify({ apiVersion: 'fairlead.dev/v1', kind: 'Policy', metadata: { name: `p${index}` }, spec }),
    )
    .join('\n---\n');
  const parsed = parsePolicies(text, 'fairlead-policies.yaml', problemOf);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policies;
}

function ask(spec: JsonObject, objects: JsonObject[], today = cluster.today) {
  const origins = objects.map(() => ({ file: 'shop/x.yaml', line: 1 }));
  const question = { policies: policies(spec), app: app(), cluster, objects: objects as KubeObject[], origins, today };
  const { denied, told } = evaluatePolicies(question);
  return { denied: denied.map(({ message }) => message), told: told.map(({ message }) => message) };
}

function workload(container: JsonObject, pod: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ name: 'main', image: 'r.example/api:1', ...container }], ...pod } },
    },
  };
}

const service = (spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'admin', namespace: 'shop' },
  spec,
});
const limits = { resources: { limits: { cpu: '1', memory: '1Gi' } } };
const networkPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'n', namespace: 'shop' },
};

describe('a policy', () => {
  it('denies, warns or only tells what its expression is not true of, and says where and why', () => {
    const rules = [{ expression: 'object.spec.replicas >= params.least', message: 'too few replicas' }];
    const spec = (action: string) => ({ action, match: { kinds: ['Deployment'] }, params: { least: 3 }, rules });
    const words = 'Deployment "api": policy "p0"';
    expect(ask(spec('deny'), [workload({})])).toEqual({ denied: [`${words}: too few replicas`], told: [] });
    expect(ask(spec('warn'), [workload({})]).told).toEqual([`${words} (warn): too few replicas`]);
    expect(ask(spec('audit'), [workload({})]).told).toEqual([`${words} (audit): too few replicas`]);
    expect(ask({ ...spec('deny'), params: { least: 2 } }, [workload({})]).denied).toEqual([]);
  });

  it('counts as broken when it cannot be computed: a mistake lets nothing through', () => {
    const rules = [{ expression: 'object.spec.none.x == 1', message: 'never said' }];
    expect(ask({ action: 'deny', rules }, [workload({})]).denied[0]).toMatch(/cannot be computed: .*none/);
  });

  it('is for the apps and clusters it names', () => {
    const rules = [{ expression: 'false', message: 'no' }];
    const count = (match: JsonObject) => ask({ action: 'deny', match, rules }, [workload({})]).denied.length;
    expect(count({ apps: ['other'] })).toBe(0);
    expect(count({ apps: ['shop'] })).toBe(1);
    expect(count({ clusters: { matchLabels: { env: 'dev' } } })).toBe(0);
    expect(count({ clusters: { matchLabels: { env: 'prod' } } })).toBe(1);
  });

  it('has exemptions that end', () => {
    const exemptions = [{ objects: ['Deployment/api'], until: '2026-06-30', reason: 'moves out in June' }];
    const spec = { action: 'deny', rules: [{ expression: 'false', message: 'no' }], exemptions };
    expect(ask(spec, [workload({})], '2026-06-30').denied).toEqual([]);
    expect(ask(spec, [workload({})], '2026-07-01').denied).toHaveLength(1);
    expect(policyFactNames(policies(spec))).toEqual(['until.2026-06-30']);
  });

  it('sees no value of a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { pin: 'c2VjcmV0' } };
    const rules = [{ expression: '!has(object.data)', message: 'a value is seen' }];
    expect(ask({ action: 'deny', rules }, [secret]).denied).toEqual([]);
  });

  it('cannot hold a render up with a pattern', () => {
    const rules = [{ expression: 'object.metadata.name.matches("^(a+)+$")', message: 'no' }];
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${'a'.repeat(5000)}b` } };
    expect(ask({ action: 'deny', rules }, [object]).denied).toHaveLength(1);
  });

  it.each([
    ['object.spec. ==', /./],
    ['1 + 1', /truth value/],
    ['unknown.x', /unknown/i],
  ])('is refused when its expression is none: %s', (expression, reason) => {
    expect(problemOf(expression)).toMatch(reason);
  });
});

describe('the policies that come with Fairlead', () => {
  it('are all expressions that can be asked', () => {
    for (const { rules } of Object.values(starterPack)) {
      for (const { expression } of rules) expect(problemOf(expression)).toBeNull();
    }
  });

  it.each<[string, JsonObject[], JsonObject[]]>([
    ['no-latest-image', [workload({})], [workload({ image: 'api:latest' })]],
    [
      'no-latest-image',
      [workload({ image: `r.example:5000/api@sha256:${'a'.repeat(64)}` })],
      [workload({ image: 'r.example:5000/api' })],
    ],
    ['limits-set', [workload(limits)], [workload({})]],
    ['limits-set', [workload(limits)], [workload({ resources: { limits: { cpu: '1' } } })]],
    ['no-privileged', [workload({ securityContext: {} })], [workload({ securityContext: { privileged: true } })]],
    ['no-privileged', [workload({})], [workload({}, { hostNetwork: true })]],
    [
      'no-host-paths',
      [workload({}, { volumes: [{ name: 'v', emptyDir: {} }] })],
      [workload({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] })],
    ],
    ['network-policy', [workload({}), networkPolicy], [workload({})]],
    [
      'no-exposed-admin',
      [service({ ports: [{ port: 9901 }] })],
      [service({ type: 'LoadBalancer', ports: [{ port: 9901 }] })],
    ],
    [
      'no-exposed-admin',
      [service({ type: 'LoadBalancer', ports: [{ port: 443, name: 'https' }] })],
      [service({ type: 'NodePort', ports: [{ port: 1234, name: 'admin-api' }] })],
    ],
  ])('%s lets the good pass and names the bad', (use, good, bad) => {
    expect(ask({ action: 'deny', use }, good).denied).toEqual([]);
    expect(ask({ action: 'deny', use }, bad).denied.length).toBeGreaterThan(0);
  });

  it('look into the Pods of a CronJob and into init containers too', () => {
    const spec = { containers: [{ name: 'a', image: 'a:1' }], initContainers: [{ name: 'b', image: 'b' }] };
    const cronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'c' },
      spec: { jobTemplate: { spec: { template: { spec } } } },
    };
    expect(ask({ action: 'deny', use: 'no-latest-image' }, [cronJob]).denied).toHaveLength(1);
  });
});
