import { fail, RenderFailure } from '../finding.ts';
import { parseText } from '../source/parsed-files.ts';
import { baseName, isAtOrBelow, resolvePath } from '../source/tree-path.ts';
import type { BuildContext } from './build-context.ts';
import { loadKustomization, ownPath, readFile, resolved } from './build-context.ts';
import type { BuildState } from './build-state.ts';
import { configOfDefinitions } from './crd-config.ts';
import { defaultConfig, emptyConfig } from './default-config.ts';
import { FieldPathError } from './field-path.ts';
import { generate } from './generate.ts';
import type { Kustomization } from './kustomization.ts';
import { resourcesOf } from './load-resources.ts';
import { isInlinePlugin, pluginGenerator, pluginStep } from './plugins.ts';
import type { Provenance } from './provenance.ts';
import { comesFrom, configuredByField, configuredByPlugin, noteTransformation } from './provenance.ts';
import { readConfiguration } from './read-configuration.ts';
import type { Resource, ResourceChange } from './resource.ts';
import { ResourceSet } from './resource-set.ts';
import type { Step, StepSource } from './transform.ts';
import { stepsOf } from './transform.ts';
import type { TransformerConfig } from './transformer-config.ts';
import { mergeConfigs } from './transformer-config.ts';
import type { Var } from './vars.ts';
import { declareVars, joinVars } from './vars.ts';

const remote = /^(?:[a-z+]+:\/\/|git@|git::|github\.com[/:])|\?ref=|\?version=|\/\/.*\.git|\.git(?:\/|$)/i;

type Kind = Kustomization['kind'];

/** What a kustomization and those below it come to, before names are final. */
export class Accumulation {
  readonly set: ResourceSet;
  config: TransformerConfig = emptyConfig;
  vars: readonly Var[] = [];
  readonly #context: BuildContext;
  readonly #state: BuildState;

  constructor(context: BuildContext, state: BuildState) {
    this.#context = context;
    this.#state = state;
    this.set = new ResourceSet(state.schema.shapes, state.budget);
  }

  /** Builds a directory into this; `parents` are the directories that led to it. */
  add(directory: string, parents: readonly string[], kind: Kind, writtenPath = ''): void {
    const kustomization = loadKustomization(this.#context, directory);
    const visited = [...parents, directory];
    if (visited.length > this.#context.limits.maxNesting)
      fail({ file: kustomization.file, message: 'kustomizations are nested too deep' });
    this.#chooseSchema(kustomization, directory);
    if (kustomization.kind !== kind)
      fail({ file: kustomization.file, message: `a ${kind} is expected, and this is a ${kustomization.kind}` });
    if (parents.length === 0 && kustomization.sortProblem !== null)
      fail({ file: kustomization.file, message: kustomization.sortProblem });
    if (parents.length === 0 && kind === 'Kustomization') this.#state.metadata = kustomization.buildMetadata;
    this.#accumulate(kustomization, visited, writtenPath);
  }

  #accumulate(kustomization: Kustomization, visited: readonly string[], writtenPath: string): void {
    const { file } = kustomization;
    const directory = visited.at(-1) ?? '';
    const source = { context: this.#context, state: this.#state, kustomization, directory, writtenPath };
    for (const entry of kustomization.resources) this.#resource(source, entry, visited);
    this.#configure(source);
    this.#generate(source, visited);
    for (const entry of kustomization.components) {
      this.add(
        this.#base(kustomization, entry, visited),
        visited,
        'Component',
        this.#tracks ? joinWritten(writtenPath, entry) : '',
      );
      if (this.config !== defaultConfig) this.config = mergeConfigs(emptyConfig, this.config, file);
    }
    if (this.set.resources.length > this.#context.limits.maxObjects)
      fail({ file, message: `more than ${this.#context.limits.maxObjects} objects` });
    withFile(file, () => {
      const own = stepsOf(source, this.config).map((step) => ({ step, by: this.#field(source, step.kind) }));
      for (const { step, by } of [...own, ...this.#pluginSteps(source, visited)]) {
        this.#state.budget.spend((step.size ?? 0) * this.set.resources.length, file);
        runStep(step, this.set, file);
        if (by !== null) noteTransformation(this.set, by);
      }
    });
    if (kustomization.vars.length > 0) this.vars = declareVars(this.vars, kustomization.vars, this.set.resources);
  }

  #chooseSchema({ openapi, file }: Kustomization, directory: string): void {
    const { schema } = this.#state;
    if (openapi.path === '') {
      schema.chooseVersion(openapi.version, file);
      return;
    }
    const path = ownPath(directory, openapi.path, file);
    const [document] = readFile(this.#context, path, 'sigs').documents;
    schema.choose(document?.value ?? null, file, path);
  }

  #configure({ context, kustomization, directory }: StepSource): void {
    const { file, configurations, crds } = kustomization;
    const read = <T>(name: string, use: (value: ReturnType<typeof resolved>, path: string, text: string) => T): T => {
      const path = ownPath(directory, name, file);
      const parsed = readFile(context, path, 'sigs');
      return use(resolved(context, parsed, parsed.documents[0]?.value ?? null, path), path, parsed.text);
    };
    let own = defaultConfig;
    for (const name of configurations) own = mergeConfigs(own, read(name, readConfiguration), file);
    this.#addConfig(own, file);
    for (const name of crds) this.config = mergeConfigs(this.config, read(name, configOfDefinitions), file);
  }

  #resource(source: StepSource, entry: string, visited: readonly string[]): void {
    const { kustomization } = source;
    const written = this.#tracks ? joinWritten(source.writtenPath, entry) : '';
    const directory = visited.at(-1) ?? '';
    const path = remote.test(entry) ? null : resolvePath(directory, entry);
    if (path !== null && isAtOrBelow(path, directory) && this.#context.tree.readFile(path) !== null) {
      const file = readFile(this.#context, path, 'kyaml');
      this.#state.note(file);
      this.#state.schema.touch();
      this.set.appendAll(this.#from(written, resourcesOf(this.#context, file, path)));
      return;
    }
    this.#join(this.#built(this.#base(kustomization, entry, visited), visited, written), kustomization.file);
  }

  #built(directory: string, visited: readonly string[], written: string): Accumulation {
    const below = new Accumulation(this.#context, this.#state);
    below.add(directory, visited, 'Kustomization', written);
    return below;
  }

  #join(below: Accumulation, file: string): void {
    this.set.appendAll(below.set.resources);
    this.#addConfig(below.config, file);
    this.vars = joinVars(this.vars, below.vars);
  }

  // Fields that a more special one stands before are dropped on the way into an empty configuration.
  #addConfig(config: TransformerConfig, file: string): void {
    const isPlain = this.config === emptyConfig && config === defaultConfig;
    this.config = isPlain ? config : mergeConfigs(this.config, config, file);
  }

  /** The directory that an entry names; it may be anywhere in the tree, but not above or around its user. */
  #base(kustomization: Kustomization, entry: string, visited: readonly string[]): string {
    const complain = (message: string, hint?: string): never =>
      fail({ file: kustomization.file, message: `"${entry}": ${message}`, ...(hint === undefined ? {} : { hint }) });
    if (remote.test(entry))
      return complain(
        'remote bases are not fetched',
        'declare it as a source of the app, or copy it into the repository',
      );
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

  #generate(source: StepSource, visited: readonly string[]): void {
    const { kustomization, directory } = source;
    const { file } = kustomization;
    const files = {
      file,
      read: (name: string): string | Uint8Array =>
        this.#context.tree.readFile(ownPath(directory, name, file)) ??
        fail({ file, message: `there is no file "${name}"` }),
    };
    const own = [
      ...kustomization.configMaps.map((entry) => ({ kind: 'ConfigMap', entry }) as const),
      ...kustomization.secrets.map((entry) => ({ kind: 'Secret', entry }) as const),
    ].map((generator) => ({ ...generator, by: this.#field(source, `${generator.kind}Generator`) }));
    const plugins = this.#plugins(source, kustomization.generators, visited).map((resource) => ({
      ...pluginGenerator(resource),
      by: this.#plugin(resource),
    }));
    for (const { kind, entry, by } of [...own, ...plugins]) generate(kind, entry, files, this.set, by);
  }

  #pluginSteps(source: StepSource, visited: readonly string[]): { step: Step; by: Provenance | null }[] {
    return this.#plugins(source, source.kustomization.transformers, visited).map((resource) => ({
      step: pluginStep(resource, source),
      by: this.#plugin(resource),
    }));
  }

  get #tracks(): boolean {
    return this.#state.metadata.length > 0;
  }

  #field({ writtenPath, kustomization }: StepSource, kind: string): Provenance | null {
    return this.#tracks ? configuredByField(joinWritten(writtenPath, baseName(kustomization.file)), kind) : null;
  }

  #plugin(resource: Resource): Provenance | null {
    return this.#tracks ? configuredByPlugin(resource) : null;
  }

  #from(written: string, resources: Resource[]): Resource[] {
    if (this.#tracks) for (const resource of resources) resource.provenance = comesFrom(written);
    return resources;
  }

  /** The configurations that entries of `generators` or `transformers` hold or name. */
  #plugins(source: StepSource, entries: readonly string[], visited: readonly string[]): ResourceSet['resources'] {
    const { kustomization, writtenPath } = source;
    const inline = entries.map((entry) => inlinePlugins(entry, kustomization.file));
    const plugins = new Accumulation(this.#context, this.#state);
    for (const file of inline) {
      if (file !== null)
        plugins.set.appendAll(
          this.#from(
            joinWritten(writtenPath, baseName(kustomization.file)),
            resourcesOf(this.#context, file, kustomization.file),
          ),
        );
    }
    entries.forEach((entry, index) => {
      if (inline[index] === null) plugins.#resource(source, entry, visited);
    });
    return plugins.set.resources;
  }
}

const renaming: Readonly<Record<string, ResourceChange['by']>> = {
  NamespaceTransformer: 'namespace',
  PrefixTransformer: 'namePrefix',
  SuffixTransformer: 'nameSuffix',
  PrefixSuffixTransformer: 'namePrefix',
};

/** Runs a step, and notes on objects that it gave another name or namespace that it did. */
function runStep(step: Step, set: ResourceSet, file: string): void {
  const by = Object.hasOwn(renaming, step.kind) ? renaming[step.kind] : undefined;
  if (by === undefined) {
    step.run(set);
    return;
  }
  const { resources } = set;
  const before = resources.map(({ name, namespace }) => [name, namespace] as const);
  step.run(set);
  resources.forEach((resource, index) => {
    const [name, namespace] = before[index] ?? [];
    if (resource.name !== name || resource.namespace !== namespace) resource.noteChange(by, { file });
  });
}

function inlinePlugins(entry: string, file: string): ReturnType<typeof parseText> | null {
  if (!entry.includes(':')) return null;
  try {
    const parsed = parseText(entry, file, 'kyaml');
    return parsed.documents.some(({ value }) => isInlinePlugin(value)) ? parsed : null;
  } catch (error) {
    if (error instanceof RenderFailure) return null;
    throw error;
  }
}

/** Joins paths as they are written; what leads above the start stays in front. */
function joinWritten(base: string, entry: string): string {
  const parts = base === '' ? [] : base.split('/');
  for (const part of entry.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Names the kustomization in complaints about paths. */
export function withFile(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof FieldPathError) throw new RenderFailure([{ file, message: error.message }]);
    throw error;
  }
}
