import type { RolloutPlan } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { plural, short } from './words.ts';

/** A plan for people: the waves, what changes where (targets with the same change together), and what stands against it. */
export function planLines(plan: RolloutPlan, paint: Palette): string[] {
  const lines = [
    `${paint.bold(`Plan  ${plan.group}#${plan.release.number}  ${short(plan.release.commit)}`)}  ${paint.dim(plan.planHash)}`,
  ];
  for (const wave of plan.waves) lines.push(`  ${wave.name}: ${wave.clusters.join(', ') || 'no clusters'}`);
  for (const [change, targets] of groupByChange(plan)) {
    const apps = [...new Set(targets.map((target) => target.app))].map((app) => {
      const clusters = targets.filter((target) => target.app === app).map((target) => target.cluster);
      return `${app} on ${clusters.length > 5 ? plural(clusters.length, 'cluster') : clusters.join(', ')}`;
    });
    lines.push(`  ${change}  ${apps.join('; ')}`);
  }
  if (plan.unchanged > 0) lines.push(`  ${plural(plan.unchanged, 'target')} unchanged`);
  for (const warning of plan.warnings) lines.push(paint.yellow(`  ! ${warning}`));
  for (const reason of plan.blocked) lines.push(paint.red(`  ✖ does not start by itself: ${reason}`));
  if (plan.needsConfirmation)
    lines.push(paint.yellow('  ! needs your confirmation: start it with the plan hash above'));
  return lines;
}

function groupByChange(plan: RolloutPlan): Map<string, RolloutPlan['targets']> {
  return Map.groupBy(plan.targets, (target) => {
    const move = target.from === null ? `new ${short(target.to)}` : `${short(target.from)} → ${short(target.to)}`;
    return `+${target.added} ~${target.changed} -${target.deleted}  ${target.from === target.to ? short(target.to) : move}`;
  });
}
