/** Versions of what a bed is made of. The `go.mod` files under `go/` pin the same ones; a spec holds them together. */
export const versions = {
  kubernetes: '1.34.3',
  etcd: '3.6.16',
  kwok: '0.8.0',
  kustomize: '5.8.2',
  helm: '4.2.4',
  yaml: '1.6.0',
} as const;

/** Programs one whole cluster consists of, and the client to talk to it, in the order in which they are built. */
export const clusterBinaryNames = [
  'kube-apiserver',
  'etcd',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
] as const;

/** Programs tests compare against: kustomize, helm and a converter with the YAML reader of the Kubernetes tools. */
const oracleBinaryNames = ['kustomize', 'yaml2json', 'helm'] as const;

/** Everything the bed can build. The oracles come first: they take seconds, the API server takes minutes. */
export const binaryNames = [...oracleBinaryNames, ...clusterBinaryNames] as const;

export type BinaryName = (typeof binaryNames)[number];
export type ClusterBinaryName = (typeof clusterBinaryNames)[number];

/** Paths of the wanted programs. */
export type Binaries<N extends BinaryName = BinaryName> = Readonly<Record<N, string>>;

/** The Go modules under `go/`, and what stands for their version. */
const goModules = {
  'control-plane': ['kubernetes', 'etcd'],
  kwok: ['kwok'],
  kustomize: ['kustomize'],
  yaml2json: ['yaml'],
  helm: ['helm'],
} as const satisfies Record<string, readonly (keyof typeof versions)[]>;

export type GoModule = keyof typeof goModules;
export const goModuleNames = Object.keys(goModules) as GoModule[];

/**
 * Directory name under which the programs of a module are cached: another version is another directory, never an
 * overwrite, and leaves the other modules' programs alone.
 */
export function cacheKey(module: GoModule, platform: string = process.platform, arch: string = process.arch): string {
  const parts = goModules[module].map((name) => `${name}-${versions[name]}`);
  return [...parts, platform, arch].join('_');
}
