import type { Json, JsonObject } from '@fairlead/manifests';
import type { AppManifest } from '../app/app-manifest.ts';
import { fail } from '../finding.ts';
import type { BuildContext } from '../kustomize/build-context.ts';
import { pathIn } from '../kustomize/build-context.ts';
import type { Resource, ResourceOrigin } from '../kustomize/resource.ts';
import { resolvePath } from '../source/tree-path.ts';
import { filesBelow, rawFile, resolvedFile } from './collect-files.ts';
import type { ExternalFile, ExternalRequest } from './external-engine.ts';
import { outputOf } from './external-engine.ts';
import { resourcesOfOutput } from './external-output.ts';
import { withoutHelmHooks } from './helm-hooks.ts';

const inlineValues = '.fairlead/values.json';
const releaseName = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;
const notInCharts = /(?:^|\/)\.git\//;

/** Renders a chart of the repository with the real helm; hooks become hooks of Fairlead, tests are left out. */
export function renderHelm(
  context: BuildContext,
  {
    app,
    appDir,
    chart,
    clusterVersion,
  }: { app: AppManifest; appDir: string; chart: string; clusterVersion: string | null },
): Resource[] {
  if (context.tree.listDirectory(chart)?.includes('Chart.yaml') !== true) {
    fail({ file: pathIn(chart, 'Chart.yaml'), message: 'there is no chart in this directory' });
  }
  const values = valuesFiles(context, app, appDir);
  const inline = inlineFile(context, app.helm.values, app.file);
  const chartFiles = filesBelow(context, chart)
    .filter((path) => !notInCharts.test(path))
    .map((path) => rawFile(context, path));
  const byPath = new Map([...chartFiles, ...values, ...inline].map((file) => [file.path, file]));
  // A chart may ask for the version of its cluster: then clusters of other versions have renders of their own.
  if (clusterVersion !== null) context.scope.resolveText('${cluster.kubernetesVersion}', { file: app.file });
  const request: ExternalRequest = {
    engine: 'helm',
    chart,
    releaseName: releaseNameOf(context, app),
    namespace: app.namespace,
    valuesFiles: [...values, ...inline].map(({ path }) => path),
    kubernetesVersion: clusterVersion,
    includeCrds: app.helm.includeCrds,
    files: [...byPath.values()],
  };
  const output = outputOf(context.external, request);
  if (!output.ok) fail({ file: pathIn(chart, 'Chart.yaml'), message: output.message });
  const resources = withoutHelmHooks(resourcesOfOutput(context, output.text, chart));
  const given = [
    { file: pathIn(chart, 'Chart.yaml') },
    ...values.map(({ path }) => ({ file: path })),
    ...inline.map(() => inlineOrigin(app.file)),
  ];
  for (const resource of resources) for (const origin of given) resource.noteChange('helm', origin);
  return resources;
}

/** What helm takes for a name; anything else could be read as an option of the program. */
function releaseNameOf(context: BuildContext, app: AppManifest): string {
  const name = textOf(context, app.helm.releaseName ?? app.name, app.file);
  if (releaseName.test(name)) return name;
  const hint = 'at most 53 lower-case letters, digits and "-"';
  return fail({ file: app.file, message: `spec.helm.releaseName: "${name}" is no name of a release`, hint });
}

/** Values files in their order; a name that ends in `?` may be missing. */
function valuesFiles(context: BuildContext, app: AppManifest, appDir: string): ExternalFile[] {
  return app.helm.valuesFiles.flatMap((written) => {
    const isOptional = written.endsWith('?');
    const name = textOf(context, isOptional ? written.slice(0, -1) : written, app.file);
    const path = resolvePath(appDir, name);
    if (path === null)
      fail({ file: app.file, message: `spec.helm.valuesFiles: "${name}" leads out of the repository` });
    if (context.tree.readFile(path) === null) {
      if (isOptional) return [];
      fail({
        file: app.file,
        message: `spec.helm.valuesFiles: there is no file "${path}"`,
        hint: 'a trailing "?" makes it optional',
      });
    }
    return [resolvedFile(context, path, 'sigs')];
  });
}

function inlineFile(context: BuildContext, values: JsonObject, file: string): ExternalFile[] {
  if (Object.keys(values).length === 0) return [];
  const resolved: Json = context.scope.resolve(values, inlineOrigin(file), '/spec/helm/values');
  return [{ path: inlineValues, content: JSON.stringify(resolved) }];
}

function inlineOrigin(file: string): ResourceOrigin {
  return { file, at: 'spec.helm.values' };
}

function textOf(context: BuildContext, text: string, file: string): string {
  return String(context.scope.resolveText(text, { file }));
}
