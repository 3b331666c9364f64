import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { flagOf, listOf, objectOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import type { Shape } from '../schema-shape.ts';
import { checkShape, withKnownNames } from '../schema-shape.ts';
import { sizeOf } from './copy-budget.ts';
import type { GeneratorEntry } from './kustomization.ts';
import { loadReplacements } from './load-replacements.ts';
import { pluginShapes } from './plugin-shapes.ts';
import { fieldSpecsOf, generatorOf, imageOf, optionsOf, replicaOf } from './read-entries.ts';
import type { Complain } from './read-patches.ts';
import { jsonPatchOf, patchOf } from './read-patches.ts';
import { replacementOf } from './read-replacements.ts';
import type { Resource } from './resource.ts';
import { describeId } from './resource.ts';
import type { Step, StepSource } from './transform.ts';
import { changeImages } from './transform-images.ts';
import { setMapEntries } from './transform-labels.ts';
import { addAffix } from './transform-names.ts';
import type { SubjectMode } from './transform-namespace.ts';
import { setNamespace } from './transform-namespace.ts';
import { applyJsonPatch, applyNamedPatches, applyPatch } from './transform-patches.ts';
import { applyReplacements } from './transform-replacements.ts';
import { setReplicas } from './transform-replicas.ts';

/** A ConfigMap or Secret that a plugin makes. */
export interface PluginGenerator {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly entry: GeneratorEntry;
}

/** The generator that an object configures; anything but the built-in ones is refused. */
export function pluginGenerator(resource: Resource): PluginGenerator {
  const complain = checkPlugin(resource);
  const { object } = resource;
  if (object.kind !== 'ConfigMapGenerator' && object.kind !== 'SecretGenerator')
    return complain(`"${object.kind}" is no generator`);
  const entry = generatorOf(object, optionsOf(undefined));
  const namespace = entry.namespace || resource.namespace;
  return {
    kind: object.kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap',
    entry: { ...entry, name: entry.name || resource.name, namespace },
  };
}

/** The transformer that an object configures; anything but the built-in ones is refused. */
export function pluginStep(resource: Resource, source: StepSource): Step {
  const complain = checkPlugin(resource);
  const make = Object.hasOwn(makers, resource.object.kind) ? makers[resource.object.kind] : undefined;
  if (make === undefined) return complain(`"${resource.object.kind}" is no transformer`);
  const size = sizeOf(resource.object);
  return { kind: resource.object.kind, size, run: make({ object: resource.object, resource, source, complain }) };
}

function checkPlugin(resource: Resource): Complain {
  const { object, origin } = resource;
  const complain: Complain = (message) => fail({ ...origin, message: `${describeId(resource.id)}: ${message}` });
  const shape = Object.hasOwn(pluginShapes, object.kind) ? pluginShapes[object.kind] : undefined;
  if (object.apiVersion !== 'builtin' || shape === undefined) {
    fail({
      ...origin,
      message: `the plugin "${object.kind}" (${object.apiVersion}) is not built in`,
      hint: 'plugins and functions are never run; set "engine: external" if the kustomize program has it',
    });
  }
  resource.object = knownFields(object, shape);
  const [problem] = checkShape(resource.object, shape);
  if (problem !== undefined) complain(problem.message);
  return complain;
}

// Kustomize does not look at fields that a plugin does not have.
function knownFields(object: KubeObject, shape: Shape): KubeObject {
  const named = withKnownNames(object, shape);
  const names = shape.type === 'fields' ? Object.keys(shape.fields) : [];
  const kept = Object.entries(isJsonObject(named) ? named : {}).filter(([key]) => names.includes(key) || key === 'env');
  return Object.fromEntries(kept) as KubeObject;
}

interface PluginConfig {
  readonly object: KubeObject;
  readonly resource: Resource;
  readonly source: StepSource;
  readonly complain: Complain;
}

type Maker = (config: PluginConfig) => Step['run'];

const makers: Readonly<Record<string, Maker>> = {
  AnnotationsTransformer: ({ object }) => setEntries(object, 'annotations'),
  LabelTransformer: ({ object }) => setEntries(object, 'labels'),
  ImageTagTransformer:
    ({ object }) =>
    ({ resources }) => {
      changeImages(resources, [imageOf(fieldOf(object, 'imageTag'))], fieldSpecsOf(object, 'fieldSpecs'));
    },
  ReplicaCountTransformer:
    ({ object, resource }) =>
    ({ resources }) => {
      const replica = replicaOf(fieldOf(object, 'replica'));
      setReplicas(resources, replica, fieldSpecsOf(object, 'fieldSpecs'), resource.origin);
    },
  NamespaceTransformer: namespaceRun,
  PrefixTransformer: (config) => affixRun(config, ['prefix']),
  SuffixTransformer: (config) => affixRun(config, ['suffix']),
  PrefixSuffixTransformer: (config) => affixRun(config, ['prefix', 'suffix']),
  PatchTransformer: ({ object, source, complain }) => {
    const entry = patchOf(object, complain);
    return (set) => {
      applyPatch(source, entry, set);
    };
  },
  PatchJson6902Transformer: ({ object, source, complain }) => {
    const entry = jsonPatchOf(object, complain, 'jsonOp');
    return (set) => {
      applyJsonPatch(source, entry, set);
    };
  },
  PatchStrategicMergeTransformer: mergePatchesRun,
  ReplacementTransformer: ({ object, source, resource, complain }) => {
    const entries = listOf(object, 'replacements').map((entry) => {
      const path = textOf(entry, 'path') ?? '';
      return path === '' ? replacementOf(entry, resource.origin, complain) : { path };
    });
    return (set) => {
      applyReplacements(set, loadReplacements(source, entries), source.state.isRespelled);
    };
  },
};

function setEntries(object: JsonObject, field: 'annotations' | 'labels'): Step['run'] {
  const entries = textMapOf(object, field);
  const specs = fieldSpecsOf(object, 'fieldSpecs');
  return ({ resources }) => {
    setMapEntries(resources, entries, specs);
  };
}

function namespaceRun({ object, resource, complain }: PluginConfig): Step['run'] {
  const subjects = subjectMode(textOf(object, 'setRoleBindingSubjects') ?? '', complain);
  const unsetOnly = flagOf(object, 'unsetOnly') ?? false;
  const fields = fieldSpecsOf(object, 'fieldSpecs');
  return ({ resources }) => {
    setNamespace(resources, { namespace: resource.namespace, fields, subjects, unsetOnly });
  };
}

function subjectMode(text: string, complain: Complain): SubjectMode {
  if (text === '' || text === 'defaultOnly') return 'defaultOnly';
  if (text === 'allServiceAccounts' || text === 'none') return text;
  return complain('setRoleBindingSubjects must be one of defaultOnly, allServiceAccounts, none');
}

function affixRun({ object, complain }: PluginConfig, affixes: readonly ('prefix' | 'suffix')[]): Step['run'] {
  const fields = fieldSpecsOf(object, 'fieldSpecs');
  if (!Array.isArray(fieldOf(object, 'fieldSpecs'))) return complain('"fieldSpecs" is missing');
  return ({ resources }) => {
    for (const affix of affixes) addAffix(resources, affix, textOf(object, affix) ?? '', fields);
  };
}

function mergePatchesRun({ object, source, complain }: PluginConfig): Step['run'] {
  const paths = textsOf(object, 'paths');
  const text = textOf(object, 'patches') ?? '';
  if (paths.length === 0 && text === '') return complain('there is no patch');
  return (set) => {
    let count = 0;
    for (const path of paths) count += applyNamedPatches(source, { path }, set);
    if (text !== '') count += applyNamedPatches(source, { text }, set);
    if (count === 0) complain('there is no patch');
  };
}

/** Tells whether a text is the configuration of a plugin, not the name of a file or directory. */
export function isInlinePlugin(value: unknown): value is JsonObject {
  return isJsonObject(value as JsonObject) && objectOf(value as JsonObject, 'metadata') !== undefined;
}
