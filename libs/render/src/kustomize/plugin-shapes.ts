import type { Shape } from '../schema-shape.ts';
import { anything, flag, text, textMap, texts } from '../schema-shape.ts';
import {
  fieldSpecs,
  generatorFields,
  imageShape,
  patchOptions,
  replacementsShape,
  replicaShape,
  targetShape,
} from './kustomization-shape.ts';

type Fields = Readonly<Record<string, Shape>>;

const withHead = (fields: Fields): Shape => ({
  type: 'fields',
  fields: { apiVersion: text, kind: text, metadata: anything, ...fields },
});
const generator = Object.fromEntries(Object.entries(generatorFields).filter(([name]) => name !== 'env'));

/** What the configuration of each built-in plugin may have, by its kind. */
export const pluginShapes: Readonly<Record<string, Shape>> = {
  AnnotationsTransformer: withHead({ annotations: textMap, fieldSpecs }),
  ConfigMapGenerator: withHead(generator),
  ImageTagTransformer: withHead({ imageTag: imageShape, fieldSpecs }),
  LabelTransformer: withHead({ labels: textMap, fieldSpecs }),
  NamespaceTransformer: withHead({ fieldSpecs, unsetOnly: flag, setRoleBindingSubjects: text }),
  PatchJson6902Transformer: withHead({ target: targetShape, path: text, jsonOp: text }),
  PatchStrategicMergeTransformer: withHead({ paths: texts, patches: text }),
  PatchTransformer: withHead({ path: text, patch: text, target: targetShape, options: patchOptions }),
  PrefixSuffixTransformer: withHead({ prefix: text, suffix: text, fieldSpecs }),
  PrefixTransformer: withHead({ prefix: text, fieldSpecs }),
  ReplacementTransformer: withHead({ replacements: replacementsShape }),
  ReplicaCountTransformer: withHead({ replica: replicaShape, fieldSpecs }),
  SecretGenerator: withHead({ ...generator, type: text }),
  SuffixTransformer: withHead({ suffix: text, fieldSpecs }),
};
