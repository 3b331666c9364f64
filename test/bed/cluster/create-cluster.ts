import { releasePorts } from '../ports.ts';
import type { Binaries, ClusterBinaryName } from '../versions.ts';
import { ApiClient } from './api-client.ts';
import type { ClusterFiles, ClusterPorts } from './arguments.ts';
import { BedCluster } from './bed-cluster.ts';
import { certificateFile } from './identity.ts';
import { createParts } from './parts.ts';

export interface CreateClusterOptions {
  readonly name: string;
  readonly binaries: Binaries<ClusterBinaryName>;
  readonly files: ClusterFiles;
  readonly ports: ClusterPorts;
  readonly token: string;
  readonly pure: boolean;
  readonly background: boolean;
}

/** The object that stands for a cluster; nothing is started by making it. */
export function createCluster(options: CreateClusterOptions): BedCluster {
  const { name, binaries, files, ports, token, pure, background } = options;
  return new BedCluster({
    name,
    pure,
    files,
    ports,
    token,
    kubectl: binaries.kubectl,
    api: new ApiClient({ port: ports.apiServer, token, certificateFile: certificateFile(files) }),
    parts: createParts(binaries, files, ports, background),
    onStopped: () => releasePorts(Object.values(ports)),
  });
}
