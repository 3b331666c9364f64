import type { Binaries, ClusterBinaryName } from '../versions.ts';
import {
  apiServerArguments,
  type ClusterFiles,
  type ClusterPorts,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from './arguments.ts';
import { Component } from './component.ts';

/** The programs of one cluster. `others` need the API server, and a pure control plane does without them. */
export interface ClusterParts {
  readonly etcd: Component;
  readonly apiServer: Component;
  readonly others: readonly Component[];
}

export function createParts(
  binaries: Binaries<ClusterBinaryName>,
  files: ClusterFiles,
  ports: ClusterPorts,
  background: boolean,
): ClusterParts {
  const part = (name: ClusterBinaryName, args: readonly string[]) =>
    new Component({ name, binary: binaries[name], args, directory: files.directory, background });
  return {
    etcd: part('etcd', etcdArguments(files, ports)),
    apiServer: part('kube-apiserver', apiServerArguments(files, ports)),
    others: [
      part('kube-controller-manager', controllerManagerArguments(files)),
      part('kube-scheduler', schedulerArguments(files)),
      part('kwok', kwokArguments(files, ports)),
    ],
  };
}
