import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addReleasesDiff } from './diff.ts';
import { addReleasesGet } from './get.ts';
import { addReleasesList } from './list.ts';

export function addReleases(program: Command, terminal: Terminal): void {
  const releases = program.command('releases').alias('release').description('what each commit means for each cluster');
  addReleasesList(releases, terminal);
  addReleasesGet(releases, terminal);
  addReleasesDiff(releases, terminal);
}
