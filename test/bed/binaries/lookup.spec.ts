import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryNames, cacheKey, goModuleNames, versions } from '../versions.ts';
import { describeProgress } from './describe-progress.ts';
import { builtDirectory, findBinary, searchDirectories } from './lookup.ts';
import { buildArguments, recipes } from './recipe.ts';

const goModule = (name: string) => readFileSync(join(import.meta.dirname, '..', 'go', name, 'go.mod'), 'utf8');

describe('where the programs of the bed are looked for', () => {
  const environment = { FAIRLEAD_BED_BIN: '/named', KUBEBUILDER_ASSETS: '/assets', FAIRLEAD_CACHE: '/cache' };

  it('is what the user names, then what Kubernetes tests use, then what was built before', () => {
    const built = goModuleNames.map((module) => `/cache/bed/${cacheKey(module)}`);
    expect(searchDirectories(environment)).toEqual(['/named', '/assets', ...built]);
    expect(searchDirectories({ FAIRLEAD_CACHE: '/cache', KUBEBUILDER_ASSETS: '' })).toEqual(built);
    for (const name of binaryNames) expect(built).toContain(builtDirectory(name, { FAIRLEAD_CACHE: '/cache' }));
  });

  it('may be spread over these directories', () => {
    const present = new Set(['/assets/etcd', '/cache/etcd', '/cache/kwok']);
    const find = (name: 'etcd' | 'kwok' | 'kubectl') =>
      findBinary(name, ['/assets', '/cache'], (path) => present.has(path));
    expect([find('etcd'), find('kwok'), find('kubectl')]).toEqual(['/assets/etcd', '/cache/kwok', null]);
  });

  it('differs for every version, so that an upgrade never runs old programs', () => {
    const keys = goModuleNames.map((module) => cacheKey(module, 'linux', 'x64'));
    for (const [name, version] of Object.entries(versions)) expect(keys.join(' ')).toContain(`${name}-${version}`);
    expect(new Set(keys).size).toBe(goModuleNames.length);
    expect(keys).not.toContain(cacheKey('kwok', 'darwin', 'arm64'));
  });
});

describe('how the programs of the bed are built', () => {
  it('uses the versions that the Go modules pin', () => {
    expect(goModule('control-plane')).toContain(`k8s.io/kubernetes v${versions.kubernetes}`);
    expect(goModule('control-plane')).toContain(`go.etcd.io/etcd/server/v3 v${versions.etcd}`);
    expect(goModule('kwok')).toContain(`sigs.k8s.io/kwok v${versions.kwok}`);
    expect(goModule('kustomize')).toContain(`sigs.k8s.io/kustomize/kustomize/v5 v${versions.kustomize}`);
    expect(goModule('helm')).toContain(`helm.sh/helm/v4 v${versions.helm}`);
    expect(goModule('yaml2json')).toContain(`sigs.k8s.io/yaml v${versions.yaml}`);
  });

  it('names a tool of its module for every program but our own', () => {
    for (const name of binaryNames.filter((each) => each !== 'yaml2json')) {
      expect(goModule(recipes[name].module)).toContain(recipes[name].mainPackage);
    }
  });

  it('writes the version into the API server', () => {
    const args = buildArguments(recipes['kube-apiserver'], '/out/kube-apiserver');
    expect(args).toContain('/out/kube-apiserver');
    expect(args.join(' ')).toContain(`-X k8s.io/component-base/version.gitVersion=v${versions.kubernetes}`);
  });

  it('tells a person what is being built and for how long', () => {
    const step = { state: 'building', subject: 'kube-apiserver', index: 2, total: 6, elapsedMs: 192_400 } as const;
    expect(describeProgress(step)).toBe('kube-apiserver, 2 of 6 … 3m12s');
    expect(describeProgress({ ...step, state: 'built', elapsedMs: 9_000 })).toBe('kube-apiserver, 2 of 6, built in 9s');
  });
});
