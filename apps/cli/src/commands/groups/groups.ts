import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addGroupsGet } from './get.ts';
import { addGroupsHold } from './hold.ts';
import { addGroupsList } from './list.ts';
import { addGroupsRollback } from './rollback.ts';
import { addGroupsUnquarantine } from './unquarantine.ts';

export function addGroups(program: Command, terminal: Terminal): void {
  const groups = program.command('groups').alias('group').description('apps that roll out and return together');
  addGroupsList(groups, terminal);
  addGroupsGet(groups, terminal);
  addGroupsRollback(groups, terminal);
  addGroupsHold(groups, terminal);
  addGroupsUnquarantine(groups, terminal);
}
