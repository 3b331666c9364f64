import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addAppsDiff } from './diff.ts';
import { addAppsGet } from './get.ts';
import { addAppsList } from './list.ts';

export function addApps(program: Command, terminal: Terminal): void {
  const apps = program.command('apps').alias('app').description('apps that the sources define');
  addAppsList(apps, terminal);
  addAppsGet(apps, terminal);
  addAppsDiff(apps, terminal);
}
