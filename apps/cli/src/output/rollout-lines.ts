import type { Rollout, RolloutTarget, RolloutWave } from '@fairlead/shared/contracts';
import { formatAge } from '@fairlead/shared/kernel';
import type { Palette } from '../terminal.ts';
import { short, shorten } from './words.ts';

const cells = 10;
const shownTargets = 5;

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
  const lines = [`${paint.bold(title)}  ${colourOfRollout(rollout.state, paint)(stateOf(rollout))}`];
  for (const wave of rollout.waves) {
    const troubled = targets.filter((target) => target.wave === wave.ordinal && isTrouble(target));
    const isOver = wave.state === 'pending' && rollout.finishedAt !== null;
    const words = isOver ? 'untouched' : waveWords(wave, troubled, view);
    lines.push(`  ${wave.name.padEnd(nameWidth)}  ${waveBar(wave, paint)}  ${words}`);
    for (const line of troubleLines(troubled)) lines.push(`  ${' '.repeat(nameWidth)}  ${paint.red(line)}`);
  }
  return lines;
}

function stateOf(rollout: Rollout): string {
  const state = stateWords[rollout.state] ?? rollout.state;
  // What a wave waits for stands beside that wave.
  if (rollout.reason === null || rollout.reason.startsWith('wave ')) return state;
  return rollout.reason.startsWith(state) ? rollout.reason : `${state}: ${rollout.reason}`;
}

function waveBar(wave: RolloutWave, paint: Palette): string {
  const { total, done } = wave.counts;
  const full = total === 0 ? cells : Math.floor((done / total) * cells);
  const colour = wave.state === 'failed' ? paint.red : wave.state === 'passed' ? paint.green : paint.cyan;
  return `${colour('█'.repeat(full) + '░'.repeat(cells - full))} ${done}/${total}`;
}

function waveWords(wave: RolloutWave, troubled: readonly RolloutTarget[], { nowMs, isLive }: Moment): string {
  const leftMs = wave.soakUntil === null ? 0 : Date.parse(wave.soakUntil) - nowMs;
  const reason = wave.reason === null ? null : shorten(withoutWhatIsShown(wave.reason, troubled));
  switch (wave.state) {
    case 'pending':
      return reason ?? 'waits for its turn';
    case 'passed':
      return reason ?? 'healthy';
    case 'skipped':
      return reason ?? 'untouched';
    case 'soaking':
      return leftMs > 0 && isLive ? `healthy, soaks ${formatAge(leftMs)} more` : 'healthy, soaking';
    case 'running':
      return reason ?? 'running';
    default:
      return reason === null ? wave.state : `${wave.state}: ${reason}`;
  }
}

// The bar says how many are done, the line begins with the wave's name, and targets in trouble have lines of their own.
function withoutWhatIsShown(reason: string, troubled: readonly RolloutTarget[]): string {
  const short = reason.replace(/^wave [^:]+: /, '').replace(/^\d+ of \d+ clusters done; /, '');
  const details = troubled.map((target) => short.indexOf(`: ${target.app} on ${target.cluster}: `));
  const cut = details.find((index) => index > 0);
  return cut === undefined ? short : short.slice(0, cut);
}

function troubleLines(troubled: readonly RolloutTarget[]): string[] {
  const lines = troubled.slice(0, shownTargets).map(troubleWords);
  const more = troubled.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function troubleWords(target: RolloutTarget): string {
  const where = `${target.app} on ${target.cluster}`;
  const reason = target.reason === null ? '' : `: ${shorten(target.reason)}`;
  if (target.state === 'rollingBack') return `${where} goes back${reason}`;
  if (target.state === 'rolledBack') return `${where} went back${reason}`;
  return `${where}${reason}`;
}

function isTrouble(target: RolloutTarget): boolean {
  return ['failed', 'rollingBack', 'rolledBack', 'rollbackFailed', 'offline'].includes(target.state);
}

function colourOfRollout(state: Rollout['state'], paint: Palette): (text: string) => string {
  if (state === 'succeeded') return paint.green;
  if (['halted', 'rollbackFailed', 'rollingBack', 'rolledBack'].includes(state)) return paint.red;
  return state === 'paused' || state === 'cancelled' ? paint.yellow : paint.cyan;
}
