import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addRolloutActions } from './actions.ts';
import { addRolloutsGet } from './get.ts';
import { addRolloutsList } from './list.ts';
import { addRolloutsPlan } from './plan.ts';
import { addRolloutsStart } from './start.ts';
import { addRolloutsWatch } from './watch.ts';

export function addRollouts(program: Command, terminal: Terminal): void {
  const rollouts = program.command('rollouts').alias('rollout').description('releases on their way, wave by wave');
  addRolloutsPlan(rollouts, terminal);
  addRolloutsStart(rollouts, terminal);
  addRolloutsList(rollouts, terminal);
  addRolloutsGet(rollouts, terminal);
  addRolloutsWatch(rollouts, terminal);
  addRolloutActions(rollouts, terminal);
}
