import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { parseDurationMs } from '@fairlead/shared/kernel';
import { listOf, numberOf, objectOf, textOf } from '../json-reading.ts';
import type { CountOrPercent, RolloutSpec, WaveClusters, WaveSpec } from './app-manifest.ts';
import { oneOf } from './choices.ts';
import { readSelector } from './selector-spec.ts';

type Report = (path: YamlPath, message: string) => void;

const minuteMs = 60_000;

/** Reads the rollout section; without waves there is one that holds every cluster. */
export function readRollout(rollout: JsonObject | undefined, report: Report): RolloutSpec {
  const budget = objectOf(rollout, 'failureBudget');
  const offline = objectOf(rollout, 'offline');
  const waves = listOf(rollout, 'waves').map((wave, index) => readWave(wave, index, report));
  waves.forEach((wave, index) => {
    const first = waves.findIndex((other) => other.name === wave.name);
    if (first < index) report(['spec', 'rollout', 'waves', index, 'name'], `the wave "${wave.name}" is given twice`);
  });
  return {
    group: textOf(rollout, 'group') ?? null,
    trigger: oneOf(textOf(rollout, 'trigger'), ['auto', 'manual'], 'auto'),
    onNewRelease: oneOf(textOf(rollout, 'onNewRelease'), ['supersede', 'queue'], 'supersede'),
    waves: waves.length > 0 ? waves : [{ name: 'all', clusters: { type: 'all' }, maxInFlight: null, soakMs: 0 }],
    maxInFlight: countOrPercentOf(rollout, 'maxInFlight'),
    failureBudget: { perWave: countOrPercentOf(budget, 'perWave'), total: countOrPercentOf(budget, 'total') },
    progressDeadlineMs: durationOf(rollout, 'progressDeadline') ?? 10 * minuteMs,
    degradedGraceMs: durationOf(rollout, 'degradedGrace') ?? minuteMs,
    onFailure: oneOf(textOf(rollout, 'onFailure'), ['rollback', 'halt'], 'rollback'),
    hold: oneOf(textOf(rollout, 'hold'), ['untilFixed', 'untilReleased'], 'untilFixed'),
    offline: {
      policy: oneOf(textOf(offline, 'policy'), ['skip', 'wait', 'catchUp'], 'catchUp'),
      waitMs: durationOf(offline, 'wait') ?? 5 * minuteMs,
    },
  };
}

function readWave(wave: Json, index: number, report: Report): WaveSpec {
  const path: YamlPath = ['spec', 'rollout', 'waves', index];
  return {
    name: textOf(wave, 'name') ?? '',
    clusters: readClusters(fieldOf(wave, 'clusters'), [...path, 'clusters'], report),
    maxInFlight: countOrPercentOf(wave, 'maxInFlight'),
    soakMs: durationOf(objectOf(wave, 'gates'), 'soak') ?? 0,
  };
}

function readClusters(clusters: Json | undefined, path: YamlPath, report: Report): WaveClusters {
  if (!isJsonObject(clusters)) return { type: 'all' };
  const percent = numberOf(clusters, 'percent');
  if (percent === undefined) return { type: 'selector', selector: readSelector(clusters, path, report) };
  if (percent > 100) report([...path, 'percent'], 'the percentage must be at most 100');
  if (Object.keys(clusters).length > 1) report(path, 'a wave is given either by percent or by labels');
  return { type: 'percent', percent };
}

function countOrPercentOf(owner: Json | undefined, key: string): CountOrPercent | null {
  const value = fieldOf(owner, key);
  if (typeof value === 'number') return { count: value };
  return typeof value === 'string' ? { percent: Number.parseFloat(value) } : null;
}

function durationOf(owner: Json | undefined, key: string): number | null {
  const value = textOf(owner, key);
  return value === undefined ? null : parseDurationMs(value);
}
