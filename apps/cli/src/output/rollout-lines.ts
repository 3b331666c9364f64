import type { Rollout, RolloutTarget, RolloutWave } from '@fairlead/shared/contracts';
import { formatAge } from '@fairlead/shared/kernel';
import type { Palette } from '../terminal.ts';
import { short } from './words.ts';

const cells = 10;

const stateWords: Partial<Record<Rollout['state'], string>> = {
  rollingBack: 'rolling back',
  rolledBack: 'rolled back',
  rollbackFailed: 'rollback failed',
  awaitingStart: 'waits to be started',
};

interface Moment {
  readonly paint: Palette;
  readonly nowMs: number;
  /** Lines are drawn again as time passes, so they may say how long something still takes. */
  readonly isLive: boolean;
}

/** A rollout on a few lines: a title, a line per wave, and what went wrong where. */
export function rolloutLines(rollout: Rollout, targets: readonly RolloutTarget[], view: Moment): string[] {
  const { paint } = view;
  const nameWidth = Math.max(...rollout.waves.map((wave) => wave.name.length), 6);
  const title = `Rollout ${rollout.id}  ${rollout.group}  ${short(rollout.release.commit)} "${rollout.release.subject}"`;
  const state = stateWords[rollout.state] ?? rollout.state;
  // What a wave waits for stands beside that wave.
  const reason = rollout.reason === null || /^wave /.test(rollout.reason) ? '' : `: ${rollout.reason}`;
  const lines = [`${paint.bold(title)}  ${colourOfRollout(rollout.state, paint)(state)}${reason}`];
  for (const wave of rollout.waves) {
    lines.push(`  ${wave.name.padEnd(nameWidth)}  ${waveBar(wave, paint)}  ${waveWords(wave, view)}`);
    for (const target of targets) {
      if (target.wave === wave.ordinal && target.reason !== null && isTrouble(target)) {
        lines.push(`  ${' '.repeat(nameWidth)}  ${paint.red(`${target.app} on ${target.cluster}: ${target.reason}`)}`);
      }
    }
  }
  return lines;
}

function waveBar(wave: RolloutWave, paint: Palette): string {
  const { total, done } = wave.counts;
  const full = total === 0 ? cells : Math.floor((done / total) * cells);
  const colour = wave.state === 'failed' ? paint.red : wave.state === 'passed' ? paint.green : paint.cyan;
  return `${colour('█'.repeat(full) + '░'.repeat(cells - full))} ${done}/${total}`;
}

function waveWords(wave: RolloutWave, { nowMs, isLive }: Moment): string {
  const leftMs = wave.soakUntil === null ? 0 : Date.parse(wave.soakUntil) - nowMs;
  switch (wave.state) {
    case 'pending':
      return wave.reason ?? 'waits for its turn';
    case 'passed':
      return wave.reason ?? 'healthy';
    case 'skipped':
      return wave.reason ?? 'untouched';
    case 'soaking':
      return leftMs > 0 && isLive ? `healthy, soaks ${formatAge(leftMs)} more` : 'healthy, soaking';
    case 'running':
      // The bar says how many are done.
      return (wave.reason ?? 'running').replace(/^\d+ of \d+ clusters done; /, '');
    default:
      return wave.reason === null ? wave.state : `${wave.state}: ${wave.reason}`;
  }
}

function isTrouble(target: RolloutTarget): boolean {
  return ['failed', 'rollingBack', 'rolledBack', 'rollbackFailed', 'offline'].includes(target.state);
}

function colourOfRollout(state: Rollout['state'], paint: Palette): (text: string) => string {
  if (state === 'succeeded') return paint.green;
  if (['halted', 'rollbackFailed', 'rollingBack', 'rolledBack'].includes(state)) return paint.red;
  return state === 'paused' || state === 'cancelled' ? paint.yellow : paint.cyan;
}
