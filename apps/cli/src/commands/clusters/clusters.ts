import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addClustersGet } from './get.ts';
import { addClustersLabel } from './label.ts';
import { addClustersList } from './list.ts';
import { addClustersRevoke } from './revoke.ts';
import { addClustersToken } from './token.ts';

export function addClusters(program: Command, terminal: Terminal): void {
  const clusters = program.command('clusters').alias('cluster').description('clusters and their agents');
  addClustersList(clusters, terminal);
  addClustersGet(clusters, terminal);
  addClustersToken(clusters, terminal);
  addClustersLabel(clusters, terminal);
  addClustersRevoke(clusters, terminal);
}
