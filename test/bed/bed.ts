/** The test bed as a library: real control planes as plain processes, for tests, benchmarks and the first start. */
export { BedError } from './bed-error.ts';
export { type BinariesProgress, describeDuration, describeProgress } from './binaries/describe-progress.ts';
export { ensureBinaries, type EnsureBinariesOptions, type OnBinariesProgress } from './binaries/ensure-binaries.ts';
export { attachCluster } from './cluster/attach-cluster.ts';
export { type ApiServerControl, type BedCluster } from './cluster/bed-cluster.ts';
export { type KubectlResult } from './cluster/kubectl.ts';
export { startCluster, startClusters, type StartClusterOptions } from './cluster/start-cluster.ts';
export { fateAnnotation, type PodFate, podFates } from './stages.ts';
export { type Binaries, type BinaryName, binaryNames, clusterBinaryNames, versions } from './versions.ts';
