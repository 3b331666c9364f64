import type { Amount, Finding, LabelSelector, Strategy, TargetSettings } from '@fairlead/shared/contracts';
import { isJsonObject, fieldAt, parseYamlDocuments, YamlError } from '@fairlead/manifests';
import {
  parseApp,
  type AppManifest,
  type CountOrPercent,
  type Finding as RenderFinding,
  type WaveSpec,
} from '@fairlead/render';
import { checkExpression } from './check-expression.ts';
import type { AppDefinition, ReadApp } from './protocol.ts';

/** Reads one `fairlead.yaml` down to what the hub keeps of it. */
export function readApp(text: string, file: string): ReadApp {
  const parsed = parseApp(text, file, checkExpression);
  if (parsed.ok) return { ok: true, file, app: defineApp(parsed.app) };
  return { ok: false, file, name: nameIn(text, file), errors: parsed.errors.map(toFinding) };
}

/** A finding of the renderer in the form of the REST API. */
export function toFinding(finding: RenderFinding): Finding {
  const { file, message } = finding;
  return { file, message, line: finding.line ?? null, column: finding.column ?? null, hint: finding.hint ?? null };
}

function defineApp(app: AppManifest): AppDefinition {
  return {
    name: app.name,
    file: app.file,
    group: app.rollout.group,
    strategy: strategyOf(app),
    dependsOn: app.dependsOn.map((dependency) => ({ ...dependency })),
    settings: settingsOf(app),
    onError: app.render.onError,
    suspend: app.suspend,
  };
}

function settingsOf(app: AppManifest): TargetSettings {
  return {
    namespace: app.namespace,
    createNamespace: app.createNamespace,
    serviceAccount: app.serviceAccount,
    apply: { ...app.apply, takeOver: app.apply.takeOver.map((manager) => ({ ...manager })) },
    driftMode: app.drift.mode,
    ignore: app.drift.ignore.map(({ target, paths, managers }) => ({
      target: {
        group: target.group ?? null,
        version: target.version ?? null,
        kind: target.kind ?? null,
        namespace: target.namespace ?? null,
        name: target.name ?? null,
        labelSelector: target.labelSelector ?? null,
        annotationSelector: target.annotationSelector ?? null,
      },
      paths: [...paths],
      managers: [...managers],
    })),
    health: app.health.map((rule) => ({ ...rule })),
    prune: { ...app.prune, confirm: [...app.prune.confirm] },
  };
}

function strategyOf({ rollout }: AppManifest): Strategy {
  const { failureBudget: budget } = rollout;
  return {
    trigger: rollout.trigger,
    onNewRelease: rollout.onNewRelease,
    waves: rollout.waves.map(waveOf),
    maxInFlight: amountOf(rollout.maxInFlight) ?? '100%',
    failureBudget: { perWave: amountOf(budget.perWave) ?? 0, total: amountOf(budget.total) ?? 0 },
    progressDeadlineMs: rollout.progressDeadlineMs,
    degradedGraceMs: rollout.degradedGraceMs,
    offline: { ...rollout.offline },
    onFailure: rollout.onFailure,
    hold: rollout.hold,
  };
}

function waveOf(wave: WaveSpec): Strategy['waves'][number] {
  const maxInFlight = amountOf(wave.maxInFlight);
  return {
    name: wave.name,
    clusters: clustersOf(wave),
    soakMs: wave.soakMs,
    ...(maxInFlight === null ? {} : { maxInFlight }),
  };
}

function clustersOf({ clusters }: WaveSpec): Strategy['waves'][number]['clusters'] {
  if (clusters.type === 'all') return 'all';
  if (clusters.type === 'percent') return { percent: clusters.percent };
  const { matchLabels, matchExpressions } = clusters.selector;
  const selector: LabelSelector = {};
  if (Object.keys(matchLabels).length > 0) selector.matchLabels = { ...matchLabels };
  if (matchExpressions.length > 0) {
    selector.matchExpressions = matchExpressions.map(({ key, operator, values }) => ({
      key,
      operator,
      ...(values.length > 0 ? { values: [...values] } : {}),
    }));
  }
  return selector;
}

function amountOf(amount: CountOrPercent | null): Amount | null {
  if (amount === null) return null;
  return 'count' in amount ? amount.count : `${Math.floor(amount.percent)}%`;
}

/** The name a refused file gives itself, so that the mistake can be shown with the app. */
function nameIn(text: string, file: string): string | null {
  try {
    const { documents } = parseYamlDocuments(text, { dialect: 'sigs', fileName: file });
    const name = fieldAt(documents.find(({ value }) => isJsonObject(value))?.value, ['metadata', 'name']);
    return typeof name === 'string' ? name : null;
  } catch (error) {
    if (error instanceof YamlError) return null;
    throw error;
  }
}
