import type { JsonObject, YamlPath } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import type { Finding } from '../finding.ts';
import { flagOf, listOf, objectOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import { hasShapeOfPath } from '../source/tree-path.ts';
import type { AppManifest, AppTarget, HelmSpec } from './app-manifest.ts';
import { readPatches } from './app-patch.ts';
import { oneOf } from './choices.ts';
import type { CheckExpression } from './engine-settings.ts';
import { readApply, readHealthRules, readIgnoreRules, readPrune } from './engine-spec.ts';
import { readRollout } from './rollout-spec.ts';
import { readSelector } from './selector-spec.ts';
import type { ParsedApp } from './parsed-app.ts';

/** Reports a mistake at a path of the file. */
export type Complain = (path: YamlPath, message: string) => Finding;

/** Turns a document of the right shape into a manifest with every default filled in. */
export function normalizeApp(
  document: JsonObject,
  {
    file,
    complain,
    checkExpression,
  }: { file: string; complain: Complain; checkExpression?: CheckExpression | undefined },
): ParsedApp {
  const errors: Finding[] = [];
  const report = (path: YamlPath, message: string): void => {
    errors.push(complain(path, message));
  };
  const metadata = objectOf(document, 'metadata');
  const spec = objectOf(document, 'spec') ?? {};
  const render = objectOf(spec, 'render');
  const drift = objectOf(spec, 'drift');
  const name = textOf(metadata, 'name') ?? '';
  for (const key of ['path', 'fallbackPath']) {
    const path = textOf(render, key);
    if (path !== undefined && !hasShapeOfPath(path)) report(['spec', 'render', key], 'the path must be relative');
  }
  const app: AppManifest = {
    file,
    name,
    labels: textMapOf(metadata, 'labels'),
    project: textOf(spec, 'project') ?? 'default',
    namespace: textOf(spec, 'namespace') ?? 'default',
    createNamespace: flagOf(spec, 'createNamespace') ?? false,
    render: {
      type: oneOf(textOf(render, 'type'), ['auto', 'yaml', 'kustomize', 'helm'], 'auto'),
      engine: oneOf(textOf(render, 'engine'), ['builtin', 'external'], 'builtin'),
      path: textOf(render, 'path') ?? '.',
      fallbackPath: textOf(render, 'fallbackPath') ?? null,
      onError: oneOf(textOf(render, 'onError'), ['wait', 'skip'], 'wait'),
    },
    helm: readHelm(objectOf(spec, 'helm'), report),
    variables: objectOf(spec, 'variables') ?? {},
    targets: listOf(spec, 'targets').map((target, index) => readTarget(target, index, report)),
    patches: readPatches(spec, ['spec'], report),
    dependsOn: listOf(spec, 'dependsOn').map((dependency, index) => {
      const other = textOf(dependency, 'app') ?? '';
      if (other === name) report(['spec', 'dependsOn', index, 'app'], 'an app cannot depend on itself');
      return { app: other, condition: oneOf(textOf(dependency, 'condition'), ['applied', 'healthy'], 'healthy') };
    }),
    rollout: readRollout(objectOf(spec, 'rollout'), report),
    serviceAccount: textOf(spec, 'serviceAccount') ?? null,
    apply: readApply(objectOf(spec, 'apply'), report),
    drift: {
      mode: oneOf(textOf(drift, 'mode'), ['correct', 'report', 'off'], 'correct'),
      ignore: readIgnoreRules(drift, report),
    },
    health: readHealthRules(listOf(spec, 'health'), report, checkExpression),
    prune: readPrune(objectOf(spec, 'prune')),
    validation: { schema: oneOf(textOf(objectOf(spec, 'validation'), 'schema'), ['strict', 'warn', 'off'], 'warn') },
    suspend: flagOf(spec, 'suspend') ?? false,
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, app };
}

function readHelm(helm: JsonObject | undefined, report: (path: YamlPath, message: string) => void): HelmSpec {
  const chart = textOf(helm, 'chart') ?? null;
  if (chart !== null && !hasShapeOfPath(chart)) {
    report(['spec', 'helm', 'chart'], 'the chart must be a relative path in this repository');
  }
  textsOf(helm, 'valuesFiles').forEach((path, index) => {
    if (!hasShapeOfPath(path)) report(['spec', 'helm', 'valuesFiles', index], 'the path must be relative');
  });
  return {
    chart,
    releaseName: textOf(helm, 'releaseName') ?? null,
    valuesFiles: textsOf(helm, 'valuesFiles'),
    values: objectOf(helm, 'values') ?? {},
    includeCrds: flagOf(helm, 'includeCrds') ?? true,
  };
}

function readTarget(
  target: JsonObject[string],
  index: number,
  report: (path: YamlPath, message: string) => void,
): AppTarget {
  const path: YamlPath = ['spec', 'targets', index];
  const clusters = textsOf(target, 'clusters');
  const selector = objectOf(target, 'selector');
  if (selector === undefined && clusters.length === 0) report(path, 'a target needs a selector or clusters');
  return {
    selector: selector === undefined ? null : readSelector(selector, [...path, 'selector'], report),
    clusters,
    deploy: flagOf(target, 'deploy') ?? null,
    variables: objectOf(target, 'variables') ?? {},
    components: textsOf(target, 'components'),
    patches: isJsonObject(target) ? readPatches(target, path, report) : [],
  };
}
