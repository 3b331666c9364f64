import { type BinaryName, type GoModule, versions } from '../versions.ts';

/** How one program is built: the module under `test/bed/go`, its main package, and what the linker writes into it. */
export interface Recipe {
  readonly module: GoModule;
  readonly mainPackage: string;
  readonly stamps: Readonly<Record<string, string>>;
}

const [major = '', minor = ''] = versions.kubernetes.split('.');
const kubernetesStamps = {
  'k8s.io/component-base/version.gitVersion': `v${versions.kubernetes}`,
  'k8s.io/component-base/version.gitMajor': major,
  'k8s.io/component-base/version.gitMinor': minor,
  'k8s.io/client-go/pkg/version.gitVersion': `v${versions.kubernetes}`,
};

function kubernetes(command: string): Recipe {
  return { module: 'control-plane', mainPackage: `k8s.io/kubernetes/cmd/${command}`, stamps: kubernetesStamps };
}

export const recipes: Readonly<Record<BinaryName, Recipe>> = {
  kustomize: {
    module: 'kustomize',
    mainPackage: 'sigs.k8s.io/kustomize/kustomize/v5',
    stamps: { 'sigs.k8s.io/kustomize/api/provenance.version': `v${versions.kustomize}` },
  },
  yaml2json: { module: 'yaml2json', mainPackage: '.', stamps: {} },
  helm: {
    module: 'helm',
    mainPackage: 'helm.sh/helm/v4/cmd/helm',
    stamps: { 'helm.sh/helm/v4/internal/version.version': `v${versions.helm}` },
  },
  'kube-apiserver': kubernetes('kube-apiserver'),
  etcd: { module: 'control-plane', mainPackage: 'go.etcd.io/etcd/server/v3', stamps: {} },
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubectl: kubernetes('kubectl'),
  kwok: {
    module: 'kwok',
    mainPackage: 'sigs.k8s.io/kwok/cmd/kwok',
    stamps: { 'sigs.k8s.io/kwok/pkg/consts.Version': `v${versions.kwok}` },
  },
};

/** Arguments of `go` that build a program to `output`. Stripped and without paths: smaller, and the same everywhere. */
export function buildArguments(recipe: Recipe, output: string): readonly string[] {
  const stamps = Object.entries(recipe.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const linkerFlags = ['-s', '-w', ...stamps].join(' ');
  return ['build', '-trimpath', '-ldflags', linkerFlags, '-o', output, recipe.mainPackage];
}
