import type { Cluster, DriftItem, DriftReport, Group, Rollout, Target } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { changeWords, objectWords, whoWords } from './drift-words.ts';
import { formatTable } from './table.ts';
import { ago, paintState, plural, short, shorten } from './words.ts';

export interface Fleet {
  readonly clusters: readonly Cluster[];
  readonly groups: readonly { readonly group: Group; readonly rollout: Rollout | null }[];
  readonly targets: readonly Target[];
  readonly drift: DriftReport;
  /** The newest one of the report's time, to say what it was. */
  readonly newestDrift: DriftItem | null;
}

/** The fleet on one screen. Groups with the same waves share a table. */
export function fleetLines(fleet: Fleet, view: { readonly paint: Palette; readonly nowMs: number }): string {
  const blocks = [headline(fleet, view.paint)];
  const byWaves = Map.groupBy(fleet.groups, ({ rollout }) =>
    (rollout?.waves ?? []).map((wave) => wave.name).join('\n'),
  );
  for (const [waves, groups] of byWaves) {
    const names = waves === '' ? [] : waves.split('\n');
    const titles = ['GROUP', 'RELEASE', ...names.map((name) => name.toUpperCase()), 'ROLLOUT'];
    const rows = groups.map(({ group, rollout }) => [
      group.name,
      releaseOf(group, rollout, fleet.targets),
      ...(rollout?.waves ?? []).map((wave) => waveCell(targetsOf(fleet, group, wave.clusters), view.paint)),
      rolloutCell(group, rollout, view),
    ]);
    blocks.push(formatTable([titles.map((title) => view.paint.dim(title)), ...rows]));
  }
  if (fleet.groups.length === 0) blocks.push('No groups yet: add a source with "fairlead sources add".\n');
  for (const { group } of fleet.groups) {
    for (const line of standstill(group)) blocks.push(view.paint.yellow(`${line}\n`));
  }
  return blocks.join('');
}

// What keeps a group where it is; `groups get` has all of it.
function standstill(group: Group): string[] {
  const lines: string[] = [];
  if (group.hold !== null) {
    const where = group.hold.release === null ? 'on what it has' : `on release ${group.hold.release}`;
    lines.push(`${group.name} is held ${where}: ${shorten(group.hold.reason)}`);
  }
  // A hold is a reason of its own; it needs no second line.
  const isHoldAgain = group.hold !== null && group.blocked?.startsWith('held ') === true;
  if (group.blocked !== null && !isHoldAgain) lines.push(`${group.name} ${shorten(group.blocked)}`);
  return lines;
}

function headline(fleet: Fleet, paint: Palette): string {
  const counts = Object.entries(Object.groupBy(fleet.clusters, (cluster) => cluster.connection)).map(
    ([state, clusters]) => `${clusters.length} ${paintState(state, paint)}`,
  );
  const { totals } = fleet.drift;
  const newest = fleet.newestDrift;
  const which = newest === null ? '' : ` (${objectWords(newest.object)} by ${whoWords(newest)})`;
  const open = totals.open === 0 ? '0 open' : paint.yellow(`${totals.open} open`);
  const openWords = totals.open > 0 && newest?.state === 'open' ? `: ${changeWords(newest)}` : '';
  const drift = `drift  ${open}${openWords}  ${totals.corrected} corrected today${totals.corrected + totals.open > 0 ? which : ''}`;
  return `${plural(fleet.clusters.length, 'cluster')}  ${counts.join('  ')}     ${drift}\n`;
}

function targetsOf(fleet: Fleet, group: Group, clusters: readonly string[]): Target[] {
  return fleet.targets.filter((target) => target.group === group.name && clusters.includes(target.cluster));
}

function waveCell(targets: readonly Target[], paint: Palette): string {
  const healthy = targets.filter((target) => target.health === 'healthy').length;
  const text = `${healthy}/${targets.length}`;
  if (targets.length === 0) return paint.dim('-');
  if (targets.some((target) => target.health === 'failed' || target.health === 'degraded'))
    return paint.red(`✖ ${text}`);
  if (targets.some((target) => target.health === 'unknown')) return paint.yellow(`? ${text}`);
  return healthy === targets.length ? `${paint.green('●')} ${text}` : `${paint.cyan('◐')} ${text}`;
}

// Targets that a release does not change stay on the one before, so the newest one among them is what the group runs.
function releaseOf(group: Group, rollout: Rollout | null, targets: readonly Target[]): string {
  const goal = rollout?.release.commit;
  if (goal !== undefined && rollout?.state === 'succeeded') return short(goal);
  const running = targets
    .flatMap((target) => (target.group === group.name ? (target.release ?? []) : []))
    .toSorted((a, b) => b.number - a.number);
  const before = short(running.find((release) => release.commit !== goal)?.commit ?? null);
  if (goal === undefined || rollout?.finishedAt !== null) return short(running[0]?.commit ?? null);
  return `${before} → ${short(goal)}`;
}

function rolloutCell(group: Group, rollout: Rollout | null, view: { paint: Palette; nowMs: number }): string {
  if (rollout === null) return group.newestRelease === null ? 'no release yet' : 'none yet';
  const state = paintState(rollout.state, view.paint);
  return `${rollout.id} ${state} ${ago(rollout.finishedAt ?? rollout.since, view.nowMs)}`;
}
