import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addTargetsConfirmPrune } from './confirm-prune.ts';
import { addTargetsGet } from './get.ts';
import { addTargetsList } from './list.ts';

export function addTargets(program: Command, terminal: Terminal): void {
  const targets = program.command('targets').alias('target').description('one app on one cluster each');
  addTargetsList(targets, terminal);
  addTargetsGet(targets, terminal);
  addTargetsConfirmPrune(targets, terminal);
}
