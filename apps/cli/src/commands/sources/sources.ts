import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addSourcesAdd } from './add.ts';
import { addSourcesGet } from './get.ts';
import { addSourcesList } from './list.ts';
import { addSourcesSync } from './sync.ts';

export function addSources(program: Command, terminal: Terminal): void {
  const sources = program.command('sources').alias('source').description('Git repositories that are followed');
  addSourcesAdd(sources, terminal);
  addSourcesList(sources, terminal);
  addSourcesGet(sources, terminal);
  addSourcesSync(sources, terminal);
}
