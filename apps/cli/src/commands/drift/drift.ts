import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addDriftList } from './list.ts';
import { addDriftReport } from './report.ts';
import { addDriftWatch } from './watch.ts';

export function addDrift(program: Command, terminal: Terminal): void {
  const drift = program.command('drift').description('what differs from its release, since when and by whom');
  addDriftList(drift, terminal);
  addDriftReport(drift, terminal);
  addDriftWatch(drift, terminal);
}
