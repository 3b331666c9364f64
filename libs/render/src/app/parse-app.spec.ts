import { formatFinding } from '../finding.ts';
import { parseApp } from './parse-app.ts';

const head = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\n';

function errorsOf(text: string): string[] {
  const parsed = parseApp(text, 'shop/fairlead.yaml');
  return parsed.ok ? [] : parsed.errors.map(formatFinding);
}

function appOf(text: string) {
  const parsed = parseApp(text, 'shop/fairlead.yaml');
  if (!parsed.ok) throw new Error(parsed.errors.map(formatFinding).join('\n'));
  return parsed.app;
}

describe('fairlead.yaml', () => {
  it('needs no more than a name; everything else has a default', () => {
    expect(appOf(head)).toMatchObject({
      file: 'shop/fairlead.yaml',
      name: 'shop',
      project: 'default',
      namespace: 'default',
      render: { type: 'auto', path: '.', fallbackPath: null, onError: 'wait' },
      targets: [],
      rollout: {
        trigger: 'auto',
        onNewRelease: 'supersede',
        waves: [{ name: 'all', clusters: { type: 'all' }, soakMs: 0 }],
        progressDeadlineMs: 600_000,
        degradedGraceMs: 60_000,
        onFailure: 'rollback',
        hold: 'untilFixed',
        offline: { policy: 'catchUp', waitMs: 300_000 },
      },
      serviceAccount: null,
      apply: { conflicts: 'force', adopt: 'unowned', recreate: false, takeOver: [], onInvalid: 'reject' },
      drift: { mode: 'correct', ignore: [] },
      health: [],
      prune: { enabled: true, maxDeletes: '25%', allowEmpty: false, propagation: 'background', cascade: false },
      suspend: false,
    });
  });

  it('reads waves, budgets and durations', () => {
    const { rollout } = appOf(`${head}spec:
  rollout:
    group: platform
    waves:
    - { name: canary, clusters: { matchLabels: { ring: canary } }, gates: { soak: 1h30m } }
    - { name: some, clusters: { percent: 20 }, maxInFlight: 25% }
    - { name: rest, clusters: all, maxInFlight: 3 }
    failureBudget: { perWave: 2%, total: 5 }
    onFailure: halt
`);
    expect(rollout).toMatchObject({
      group: 'platform',
      waves: [
        {
          name: 'canary',
          clusters: { type: 'selector', selector: { matchLabels: { ring: 'canary' } } },
          soakMs: 5_400_000,
        },
        { name: 'some', clusters: { type: 'percent', percent: 20 }, maxInFlight: { percent: 25 } },
        { name: 'rest', clusters: { type: 'all' }, maxInFlight: { count: 3 } },
      ],
      failureBudget: { perWave: { percent: 2 }, total: { count: 5 } },
      onFailure: 'halt',
    });
  });

  it('names an unknown field with its place and the name that was meant', () => {
    expect(errorsOf(`${head}spec:\n  targets:\n  - clusters: [a]\n    patchs: []\n`)).toEqual([
      'shop/fairlead.yaml:7:5: unknown field "patchs" (did you mean "patches"?)',
    ]);
  });

  it.each([
    ['spec:\n  secrets: { sops: { enabled: true } }\n', '5:3: not supported by this version: spec.secrets'],
    ['spec:\n  project: web\n', '5:3: not supported by this version: spec.project: web'],
    [
      'spec:\n  rollout:\n    waves:\n    - { name: a, clusters: all, gates: { approval: {} } }\n',
      '7:42: not supported by this version: spec.rollout.waves.0.gates.approval',
    ],
  ])('says what this version cannot do yet: %j', (spec, expected) => {
    expect(errorsOf(head + spec)).toEqual([`shop/fairlead.yaml:${expected}`]);
  });

  it.each([
    ['spec:\n  rollout: { progressDeadline: 10 minutes }\n', /a duration such as/],
    ['spec:\n  rollout: { maxInFlight: 150% }\n', /a count or a percentage/],
    ['spec:\n  rollout: { waves: [{ name: a, clusters: some }] }\n', /one of all/],
    ['spec:\n  rollout: { waves: [{ name: a, clusters: all }, { name: a, clusters: all }] }\n', /given twice/],
    ['spec:\n  namespace: Shop\n', /lower-case/],
    ['spec:\n  createNamespace: "yes"\n', /true or false/],
    ['spec:\n  dependsOn: [{ app: shop }]\n', /cannot depend on itself/],
    ['spec:\n  targets: [{ variables: {} }]\n', /needs a selector or clusters/],
    ['spec:\n  patches: [{ target: { kind: A } }]\n', /either "jsonPatch" or "patch"/],
    ['spec:\n  targets: [{ selector: { matchExpressions: [{ key: a, operator: In }] } }]\n', /In needs values/],
    ['spec:\n  render: { path: /etc }\n', /must be relative/],
    ['spec:\n  serviceAccount: Tenant\n', /:5:3: spec.serviceAccount must be the name of a ServiceAccount/],
    ['spec:\n  apply: { conflicts: ask }\n', /one of force, report/],
    ['spec:\n  apply: { takeOver: [helm, "*"] }\n', /:5:29: "\*" is no name of a field manager/],
    ['spec:\n  apply: { takeOver: ["kube*ctl"] }\n', /is no name of a field manager/],
    ['spec:\n  drift: { ignore: [{ target: { kind: A } }] }\n', /:5:21: a rule needs paths or managers/],
    ['spec:\n  drift: { ignore: [{ target: { kind: "(" }, paths: [/a] }] }\n', /"\(" is no regular expression/],
    ['spec:\n  drift: { ignore: [{ target: { name: "a(?=b)" }, paths: [/a] }] }\n', /no regular expression/],
    ['spec:\n  drift: { ignore: [{ target: { labelSelector: "a in b" }, paths: [/a] }] }\n', /is no selector/],
    ['spec:\n  drift: { ignore: [{ paths: [spec.replicas] }] }\n', /:5:31: "spec.replicas" is no JSON pointer/],
    ['spec:\n  drift: { ignore: [{ paths: ["/a~2"] }] }\n', /is no JSON pointer/],
    ['spec:\n  drift: { ignore: [{ paths: ["/a/[0]"] }] }\n', /is no JSON pointer/],
    ['spec:\n  health: [{ apiVersion: v1, kind: A }]\n', /"current" is missing in spec.health.0/],
    ['spec:\n  health: [{ apiVersion: v1, kind: A, current: "" }]\n', /a CEL expression over "object"/],
    [
      'spec:\n  health: [{ apiVersion: v1, kind: A, current: a }, { apiVersion: v1, kind: A, current: b }]\n',
      /another rule for v1 A/,
    ],
    ['spec:\n  prune: { propagation: none }\n', /one of background, foreground, orphan/],
    ['spec:\n  prune: { cascade: "yes" }\n', /true or false/],
  ])('refuses %j', (spec, expected) => {
    expect(errorsOf(head + spec).join()).toMatch(expected);
  });

  it('takes pointers with keys of list items, and asks whoever knows about expressions', () => {
    const rule = `spec:
  drift: { ignore: [{ paths: ['/spec/containers/[name=web]/image', /metadata/annotations/x~1y] }] }
  health: [{ apiVersion: v1, kind: A, current: broken }]
`;
    expect(appOf(head + rule).drift.ignore[0]?.paths).toHaveLength(2);
    const parsed = parseApp(head + rule, 'f', (text) => `${text} it is`);
    expect(parsed.ok ? [] : parsed.errors.map(formatFinding)).toEqual([
      'f:6:39: the expression cannot be used: broken it is',
    ]);
  });

  it('reports every mistake of a file at once', () => {
    expect(errorsOf('apiVersion: fairlead.dev/v2\nkind: Ap\nmetadata: {}\n')).toEqual([
      'shop/fairlead.yaml:1:1: apiVersion must be one of fairlead.dev/v1',
      'shop/fairlead.yaml:2:1: kind must be one of App',
      'shop/fairlead.yaml:3:1: "name" is missing in metadata',
    ]);
  });

  it('gives the place of a syntax error', () => {
    expect(errorsOf('apiVersion: [\n').join()).toMatch(/^shop\/fairlead.yaml:\d+:\d+: /);
  });

  it('holds one app', () => {
    expect(errorsOf(`${head}---\n${head}`).join()).toMatch(/one App in a file/);
    expect(errorsOf('# nothing\n').join()).toMatch(/the file is empty/);
  });

  it('takes a merge patch as a map or as text', () => {
    const app = appOf(`${head}spec:
  patches:
  - target: { kind: Service }
    patch: { spec: { type: NodePort } }
  - target: { kind: Service }
    patch: |
      spec: { type: NodePort }
  - target: { kind: Deployment, name: web }
    jsonPatch: [{ op: remove, path: /spec/paused }]
`);
    expect(app.patches[0]).toMatchObject({ type: 'merge', patch: { spec: { type: 'NodePort' } } });
    expect(app.patches[1]).toMatchObject({ type: 'merge', patch: { spec: { type: 'NodePort' } } });
    expect(app.patches[2]).toMatchObject({ type: 'json', target: { kind: 'Deployment', name: 'web' } });
  });
});
