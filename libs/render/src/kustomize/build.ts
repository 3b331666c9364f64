import type { KubeObject } from '@fairlead/manifests';
import { canonicalJson, fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail, RenderFailure } from '../finding.ts';
import { isAtOrBelow, resolvePath } from '../source/tree-path.ts';
import type { BuildContext } from './build-context.ts';
import { loadKustomization, ownPath, pathIn, readFile } from './build-context.ts';
import { FieldPathError } from './field-path.ts';
import { fixReferences } from './fix-references.ts';
import { generate } from './generate.ts';
import type { Kustomization } from './kustomization.ts';
import { resourcesOf } from './load-resources.ts';
import { contentHash } from './name-hash.ts';
import { ResourceSet } from './resource-set.ts';
import { transform } from './transform.ts';

const remote = /^(?:[a-z+]+:\/\/|git@|git::|github\.com[/:])|\?ref=|\?version=|\/\/.*\.git|\.git(?:\/|$)/i;

/** Builds the kustomization of a directory; `components` are put on top of it, as an overlay would. */
export function buildKustomization(
  context: BuildContext,
  directory: string,
  components: readonly string[],
): ResourceSet {
  const set = new Accumulation(context).directory(directory, [], 'Kustomization');
  for (const component of components) new Accumulation(context).component(component, [], set);
  for (const resource of set.resources) {
    if (!resource.needsHash) continue;
    if (resource.object.kind !== 'ConfigMap' && resource.object.kind !== 'Secret') {
      fail({ ...resource.origin, message: 'a generated object whose kind was changed has no name hash here' });
    }
    resource.rememberId();
    resource.name = `${resource.name}-${contentHash(resource.object)}`;
  }
  withFile(pathIn(directory, 'kustomization.yaml'), () => fixReferences(set.resources));
  set.replaceAll(set.resources.filter((resource) => !isLocalOnly(resource.object)));
  for (const resource of set.resources) finishAnnotations(resource.object);
  return set;
}

class Accumulation {
  readonly #context: BuildContext;

  constructor(context: BuildContext) {
    this.#context = context;
  }

  /** Builds a directory on its own. */
  directory(directory: string, parents: readonly string[], kind: 'Kustomization' | 'Component'): ResourceSet {
    const set = new ResourceSet();
    this.#into(set, directory, parents, kind);
    return set;
  }

  /** Applies a component to what is there. */
  component(directory: string, parents: readonly string[], set: ResourceSet): void {
    this.#into(set, directory, parents, 'Component');
  }

  #into(set: ResourceSet, directory: string, parents: readonly string[], kind: 'Kustomization' | 'Component'): void {
    const kustomization = loadKustomization(this.#context, directory);
    if (kustomization.kind !== kind)
      fail({ file: kustomization.file, message: `a ${kind} is expected, and this is a ${kustomization.kind}` });
    const visited = [...parents, directory];
    if (visited.length > this.#context.limits.maxNesting)
      fail({ file: kustomization.file, message: 'kustomizations are nested too deep' });
    for (const entry of kustomization.resources) this.#resource(set, kustomization, entry, visited);
    this.#generate(set, kustomization, directory);
    for (const entry of kustomization.components)
      this.component(this.#base(kustomization, entry, visited), visited, set);
    if (set.resources.length > this.#context.limits.maxObjects)
      fail({ file: kustomization.file, message: `more than ${this.#context.limits.maxObjects} objects` });
    withFile(kustomization.file, () => transform(this.#context, kustomization, directory, set));
  }

  #resource(set: ResourceSet, kustomization: Kustomization, entry: string, visited: readonly string[]): void {
    const directory = visited.at(-1) ?? '';
    const path = remote.test(entry) ? null : resolvePath(directory, entry);
    if (path !== null && isAtOrBelow(path, directory) && this.#context.tree.readFile(path) !== null) {
      set.appendAll(resourcesOf(this.#context, readFile(this.#context, path, 'kyaml'), path));
      return;
    }
    set.appendAll(this.directory(this.#base(kustomization, entry, visited), visited, 'Kustomization').resources);
  }

  /** The directory that an entry names; it may be anywhere in the tree, but not above or around its user. */
  #base(kustomization: Kustomization, entry: string, visited: readonly string[]): string {
    const complain = (message: string): never => fail({ file: kustomization.file, message: `"${entry}": ${message}` });
    if (remote.test(entry)) return complain('remote bases are not fetched; copy it into the repository');
    const isAmbiguous = entry.split('/').some((part) => part !== '..' && part.includes('..'));
    if (isAmbiguous) return complain('the path is not clear; look at the indentation');
    const path = resolvePath(visited.at(-1) ?? '', entry);
    if (path === null) return complain('the path leads out of the repository');
    if (visited.some((directory) => isAtOrBelow(directory, path)))
      return complain('a kustomization cannot use a directory around itself');
    if (this.#context.tree.listDirectory(path) === null) {
      const isFile = this.#context.tree.readFile(path) !== null;
      return complain(
        isFile ? 'a file must be in or below the directory of its kustomization' : 'there is no such file or directory',
      );
    }
    return path;
  }

  #generate(set: ResourceSet, kustomization: Kustomization, directory: string): void {
    const files = {
      file: kustomization.file,
      read: (name: string): string | Uint8Array => {
        const path = ownPath(directory, name, kustomization.file);
        return (
          this.#context.tree.readFile(path) ?? fail({ file: kustomization.file, message: `there is no file "${name}"` })
        );
      },
    };
    for (const entry of kustomization.configMaps) generate('ConfigMap', entry, files, set);
    for (const entry of kustomization.secrets) generate('Secret', entry, files, set);
  }
}

function withFile(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof FieldPathError) throw new RenderFailure([{ file, message: error.message }]);
    throw error;
  }
}

function isLocalOnly(object: KubeObject): boolean {
  const mark = fieldOf(fieldOf(object.metadata, 'annotations'), 'config.kubernetes.io/local-config');
  return mark !== undefined && mark !== 'false';
}

const buildAnnotations = [
  'config.kubernetes.io/index',
  'config.kubernetes.io/path',
  'config.k8s.io/id',
  'config.kubernetes.io/origin',
  'alpha.config.kubernetes.io/transformations',
];

/** Annotations leave the build as texts; an empty map does not leave it at all. */
function finishAnnotations(object: KubeObject): void {
  if (!Object.hasOwn(object.metadata, 'annotations')) return;
  const annotations = object.metadata['annotations'];
  const entries = isJsonObject(annotations) ? Object.entries(annotations) : [];
  const kept = entries.filter(([key]) => !buildAnnotations.includes(key));
  if (kept.length === 0) {
    delete object.metadata['annotations'];
    return;
  }
  object.metadata['annotations'] = Object.fromEntries(
    kept.map(([key, value]) => {
      if (typeof value === 'string') return [key, value];
      return [key, typeof value === 'object' && value !== null ? '' : canonicalJson(value)];
    }),
  );
}
