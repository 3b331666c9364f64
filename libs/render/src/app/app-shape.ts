import { parseDurationMs } from '@fairlead/shared/kernel';
import type { Shape } from '../schema-shape.ts';
import { anything, flag, text, textMap, texts, unsupported } from '../schema-shape.ts';
import { choice, fields, list, objectTarget } from './shapes.ts';
import { applyShape, healthShape, ignoreShape, pruneShape, serviceAccount } from './engine-shape.ts';

const dnsName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const waveName = /^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$/;
const name: Shape = {
  type: 'text',
  accepts: (value) => dnsName.test(value),
  expected: 'a name of lower-case letters, digits and "-"',
};
const duration: Shape = {
  type: 'text',
  accepts: (value) => parseDurationMs(value) !== null,
  expected: 'a duration such as 30s, 10m or 1h30m',
};
const countOrPercent: Shape = { type: 'countOrPercent' };

const requirement = fields({ key: text, operator: choice('In', 'NotIn', 'Exists', 'DoesNotExist'), values: texts }, [
  'key',
  'operator',
]);
const selectorFields = { matchLabels: textMap, matchExpressions: list(requirement) };
export const selectorShape = fields(selectorFields);

const operation = fields(
  {
    op: choice('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: text,
    from: text,
    value: anything,
  },
  ['op', 'path'],
);
const patch = fields(
  {
    target: objectTarget,
    jsonPatch: list(operation),
    patch: { type: 'either', text, fields: { type: 'map', of: anything } },
  },
  ['target'],
);
const patches = list(patch, 100);

const target = fields({
  selector: selectorShape,
  clusters: texts,
  deploy: flag,
  variables: { type: 'map', of: anything },
  components: texts,
  patches,
});

const gates = fields({ soak: duration, analysis: unsupported, approval: unsupported, window: unsupported });
const wave = fields(
  {
    name: { type: 'text', accepts: (value) => waveName.test(value), expected: 'a name' },
    clusters: {
      type: 'either',
      text: choice('all'),
      fields: fields({ ...selectorFields, percent: { type: 'integer', least: 1 } }),
    },
    maxInFlight: countOrPercent,
    gates,
  },
  ['name', 'clusters'],
);

const rollout = fields({
  group: name,
  trigger: choice('auto', 'manual'),
  onNewRelease: choice('supersede', 'queue'),
  waves: list(wave, 50),
  maxInFlight: countOrPercent,
  failureBudget: fields({ perWave: countOrPercent, total: countOrPercent }),
  progressDeadline: duration,
  degradedGrace: duration,
  offline: fields({ policy: choice('skip', 'wait', 'catchUp'), wait: duration }),
  onFailure: choice('rollback', 'halt'),
  hold: choice('untilFixed', 'untilReleased'),
  strategy: unsupported,
  analysis: unsupported,
});

/** The whole format of `fairlead.yaml`; what this version cannot do yet is named, never skipped. */
export const appShape: Shape = fields(
  {
    apiVersion: choice('fairlead.dev/v1'),
    kind: choice('App'),
    metadata: fields({ name, labels: textMap, annotations: textMap }, ['name']),
    spec: fields({
      project: name,
      namespace: name,
      createNamespace: flag,
      render: fields({
        type: choice('auto', 'yaml', 'kustomize', 'helm'),
        path: text,
        fallbackPath: text,
        engine: choice('builtin', 'external'),
        onError: choice('wait', 'skip'),
      }),
      helm: fields({
        chart: text,
        releaseName: text,
        valuesFiles: list(text, 50),
        values: { type: 'map', of: anything },
        includeCrds: flag,
      }),
      variables: { type: 'map', of: anything },
      targets: list(target, 1000),
      patches,
      dependsOn: list(fields({ app: name, condition: choice('applied', 'healthy') }, ['app'])),
      rollout,
      strategy: unsupported,
      drift: fields({ mode: choice('correct', 'report', 'off'), ignore: ignoreShape }),
      apply: applyShape,
      prune: pruneShape,
      health: healthShape,
      secrets: unsupported,
      serviceAccount,
      validation: fields({ schema: choice('strict', 'warn', 'off') }),
      suspend: flag,
    }),
  },
  ['apiVersion', 'kind', 'metadata'],
);
