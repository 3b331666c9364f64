import type { Cluster } from '@fairlead/shared/contracts';
import { ago, formatLabels, paintState } from '../../output/words.ts';
import type { View } from '../../output/printer.ts';
import type { Terminal } from '../../terminal.ts';

export function clusterView(terminal: Terminal): View<Cluster> {
  return {
    name: (cluster) => cluster.name,
    empty: 'No clusters yet. "fairlead clusters token" makes a token with which an agent joins.',
    columns: [
      { title: 'NAME', value: (cluster) => cluster.name },
      {
        title: 'CONNECTION',
        value: (cluster) =>
          `${paintState(cluster.connection, terminal.paint)} ${ago(cluster.connectionSince, terminal.now())}`,
      },
      { title: 'KUBERNETES', value: (cluster) => cluster.kubernetesVersion ?? '-' },
      { title: 'AGENT', value: (cluster) => cluster.agentVersion ?? '-' },
      { title: 'LABELS', value: (cluster) => formatLabels(cluster.labels) },
      { title: 'HEARTBEAT', value: (cluster) => ago(cluster.lastHeartbeatAt, terminal.now()), isWide: true },
      { title: 'ID', value: (cluster) => String(cluster.id), isWide: true },
    ],
  };
}

export function clusterFields(cluster: Cluster, terminal: Terminal): [string, string][] {
  return [
    ['name', cluster.name],
    ['connection', `${paintState(cluster.connection, terminal.paint)} since ${cluster.connectionSince}`],
    ['heartbeat', ago(cluster.lastHeartbeatAt, terminal.now())],
    ['kubernetes', cluster.kubernetesVersion ?? '-'],
    ['agent', cluster.agentVersion ?? '-'],
    ['labels', formatLabels(cluster.labels) || '-'],
    ['registered', cluster.createdAt],
  ];
}
